// SPDX-License-Identifier: BSD-2-Clause
#include "mount/attempt.hpp"

#include <algorithm>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>
#include <boost/algorithm/string/trim.hpp>

#include "base/child.hpp"
#include "base/log.hpp"
#include "mount/client.hpp"
#include "mount/client_log.hpp"
#include "mount/diagnosis.hpp"
#include "mount/failure_record.hpp"
#include "mount/learned_servers.hpp"
#include "mount/server_choice.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

constexpr auto diagnosis_limit = 3s;
constexpr auto retry_pause = 5s;

std::int64_t ticks_now() { return time_since_boot().count() * sysconf(_SC_CLK_TCK) / 1000; }

// One attempt: what is known about it while it runs, and how it is taken back.
class Attempt {
 public:
  Attempt(const MountContext& context, const StateDir& state, const GlusterVolume& volume, const std::string& real)
      : context_(context),
        state_(state),
        settings_(context.settings.for_volume(volume.name())),
        deadline_(Deadline::in(settings_.mount_timeout)),
        servers_(context.paths, volume, deadline_),
        real_(real),
        log_(context.paths.client_log_dir, real) {}

  // Returns the view of the mount and who it is, or takes everything back and throws.
  void run(const StorageLock& lock, const GlusterVolume& wanted) {
    const auto source = fuse_source(wanted);
    Record record;
    record.set("since_ticks", ticks_now());
    record.write(state_.fd(), state_file::attempt);
    auto child =
        Child::start({{lock.fd()}, std::chrono::ceil<std::chrono::seconds>(deadline_.left()) + 2s, state_.path()},
                     [&] { return run_mount_helper(source, real_, options()); });
    const bool finished = child.wait(deadline_);
    if (!finished && !child.kill()) child.abandon();
    helper_text_ = boost::algorithm::trim_copy(child.output());
    timed_out_ = !finished;
    helper_succeeded_ = child.exit_status() == 0;

    // The helper's word counts in neither direction: the mount table and the volume itself do.
    const auto view = look(context_);
    if (view && view->row && view->row->type == gluster_type) {
      const auto answer = probe(state_, view->dir, true, deadline_.within(settings_.mount_timeout));
      const bool is_wanted =
          answer.identity && answer.identity->name == wanted.name() && answer.identity->subdir == wanted.subdir();
      is_strange_ = is_wanted && servers_.is_strange(*answer.identity);
      if (answer.health == Health::well && is_wanted && !is_strange_) {
        record_verified_mount(context_, state_, *view, {wanted, servers_.volume().servers(), *answer.identity});
        state_.remove(state_file::attempt);
        state_.remove(state_file::failure);
        return;
      }
      timed_out_ = timed_out_ || answer.health == Health::silent_servers || answer.health == Health::silent_client;
    }
    const auto causes = log_.causes();  // before the clean-up writes more into the log
    clean_up_orphaned_attempt(state_, lock, real_);
    fail(wanted, causes);
  }

 private:
  [[nodiscard]] std::string options() const {
    // Each option costs the helper, a shell script, several processes: only what differs is given.
    auto list = servers_.volume().fuse_options();
    if (settings_.log_level != VolumeSettings().log_level) list.push_back("log-level=" + settings_.log_level);
    if (context_.paths.client_log_dir != NodePaths().client_log_dir) list.push_back("log-file=" + log_.path());
    list.insert(list.end(), settings_.mount_options.begin(), settings_.mount_options.end());
    return fmt::format("{}", fmt::join(list, ","));
  }

  [[nodiscard]] std::string fuse_source(const GlusterVolume& wanted) const {
    try {
      return servers_.volume().fuse_source();
    } catch (const VolumeError&) {  // no server that the helper could be given: the names say why
      fail(wanted, {});
    }
  }

  [[noreturn]] void fail(const GlusterVolume& wanted, const std::vector<std::string>& causes) const {
    const auto diagnosis = is_strange_ ? diagnose_strange() : diagnose_servers(servers_.volume(), causes);
    const FailureRecord failure{
        wanted.to_string(),
        helper_succeeded_ && !is_strange_ ? Errc::helper_lied : Errc::mount_failed,
        {context_.dir.spelled(), fmt::format("cannot mount {}", wanted.to_string()), diagnosis.why, diagnosis.cure},
        time_since_boot()};
    write_failure(state_, failure);
    throw MountError(failure.code, failure.text);
  }

  [[nodiscard]] Diagnosis diagnose_servers(const GlusterVolume& asked, const std::vector<std::string>& causes) const {
    const auto reached = reach_servers(asked, Deadline::in(diagnosis_limit));
    return diagnose({asked, helper_text_, causes, log_.path(), timed_out_, helper_succeeded_}, reached);
  }

  // The client's log tells of the volume that was not wanted.
  [[nodiscard]] Diagnosis diagnose_strange() const {
    auto diagnosis = diagnose_servers(servers_.asked(), {});
    diagnosis.why +=
        ", and the volume of that name that nodes of this Ganeti cluster serve has no brick on any server asked for";
    return diagnosis;
  }

  const MountContext& context_;
  const StateDir& state_;
  VolumeSettings settings_;
  Deadline deadline_;
  ServerChoice servers_;
  std::string real_;
  ClientLog log_;
  std::string helper_text_;
  bool timed_out_ = false;
  bool helper_succeeded_ = false;
  bool is_strange_ = false;
};

void warn_of_stray_files(const MountContext& context) {
  const auto view = context.dir.look();
  if (!view || view->is_mount_point) return;
  const auto names = StorageDir::entries(view->root.get());
  if (names.empty()) return;
  log(LogLevel::warning,
      "{}: files lie in the directory below the mount point, written while nothing was mounted: {}; they are left "
      "alone",
      context.dir.spelled(), fmt::join(names, ", "));
}

}  // namespace

void mount_bare_directory(const MountContext& context, const StateDir& state, const StorageLock& lock,
                          const GlusterVolume& volume, const std::string& real) {
  context.dir.create();
  warn_of_stray_files(context);
  Attempt(context, state, volume, real).run(lock, volume);
  log(LogLevel::info, "mounted {} on {}", volume.to_string(), context.dir.spelled());
}

bool has_orphaned_attempt(const StateDir& state) { return Record::read(state.fd(), state_file::attempt).has_value(); }

void clean_up_orphaned_attempt(const StateDir& state, const StorageLock& /*lock*/, const std::string& real) {
  const auto record = Record::read(state.fd(), state_file::attempt);
  if (!record) return;
  // Twice: the helper may start a client while it is being ended.
  for (int pass = 0; pass < 2; ++pass) {
    for (const auto& process : find_attempt_processes(real, record->number("since_ticks"))) {
      log(LogLevel::debug, "ending {} (pid {}) of a failed mount", command_text(process.pid), process.pid);
      kill_process(process);
    }
  }
  for (const auto& row : read_mount_table()) {
    if (row.target != real || row.type != gluster_type || !find_clients(row).empty()) continue;
    static_cast<void>(unmount_in_child(real, true, Deadline::in(2s)));
  }
  forget_gone_probes(state);
  state.remove(state_file::attempt);
}

void rethrow_recent_failure(const MountContext& context, const StateDir& state, const GlusterVolume& volume,
                            Retry retry, std::chrono::milliseconds began) {
  auto failure = read_failure(state);
  if (!failure || failure->volume != volume.to_string()) return;
  const auto age = time_since_boot() - failure->time;
  const bool while_waiting = failure->time >= began;
  if (age < 0ms || (!while_waiting && (retry == Retry::at_once || age >= retry_pause))) return;
  failure->text.why += fmt::format(" (another process tried {} ms ago)", age.count());
  failure->text.subject = context.dir.spelled();
  throw MountError(failure->code, failure->text);
}

void record_verified_mount(const MountContext& context, const StateDir& state, const MountView& view,
                           const VerifiedMount& verified) {
  const auto& identity = verified.identity;
  MountRecord record{view.dir.mount_id,
                     device_text(view.dir),
                     verified.volume.to_string(),
                     verified.volume.name_with_subdir(),
                     identity.volume_id,
                     identity.brick_hosts,
                     {},
                     time_since_boot()};
  auto& servers = record.servers;
  servers.insert(servers.end(), identity.volfile_servers.begin(), identity.volfile_servers.end());
  for (const auto& server : verified.servers) {
    servers.push_back(server.host);
    servers.insert(servers.end(), server.addresses.begin(), server.addresses.end());
  }
  std::sort(servers.begin(), servers.end());
  servers.erase(std::unique(servers.begin(), servers.end()), servers.end());
  const auto clients = find_clients(*view.row);
  if (!clients.empty()) record.client = clients.front();
  write_mount_record(state, record);
  learn_servers(context.paths.persistent_dir, identity, verified.volume);
}

}  // namespace ganeti::gluster
