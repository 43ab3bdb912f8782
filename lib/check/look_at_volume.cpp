// SPDX-License-Identifier: BSD-2-Clause
//
// What has to be asked of the volume itself, by one expendable child.
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "check/ask_volume.hpp"
#include "check/check_context.hpp"

namespace ganeti::gluster {
namespace {

using Json = nlohmann::json;

// No disk can have this name, and none of Ganeti's files.
constexpr const char* written_file = ".ganeti-gluster-check";

// @returns what failed; nothing if what was written was read again.
std::string write_and_read(int root) {
  constexpr std::size_t size = 4096;  // what O_DIRECT can do everywhere
  alignas(size) std::array<char, size> bytes{};
  const auto mark = fmt::format("{} {}\n", getpid(), time_since_boot().count());
  std::copy(mark.begin(), mark.end(), bytes.begin());
  const auto failed = [](const char* what) { return fmt::format("{}: {}", what, std::strerror(errno)); };
  const auto name = fmt::format("{}.{}", written_file, getpid());
  UniqueFd file(openat(root, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return failed("cannot create a file");
  std::string why;
  if (pwrite(file.get(), bytes.data(), size, 0) != static_cast<ssize_t>(size)) why = failed("cannot write");
  if (why.empty() && fsync(file.get()) != 0) why = failed("cannot make it durable");
  if (why.empty()) {
    file.reset(openat(root, name.c_str(), O_RDONLY | O_DIRECT | O_NOFOLLOW | O_CLOEXEC));
    alignas(size) std::array<char, size> read_again{};
    if (!file || pread(file.get(), read_again.data(), size, 0) != static_cast<ssize_t>(size))
      why = failed("cannot read");
    else if (read_again != bytes)
      why = "something else was read than had been written";
  }
  if (unlinkat(root, name.c_str(), 0) != 0 && why.empty()) why = failed("cannot remove the file");
  return why;
}

Json ask(int root, bool write) {
  Json answer;
  struct statvfs status {};
  if (fstatvfs(root, &status) != 0) return {{"error", errno}};
  answer["size"] = status.f_blocks * status.f_frsize;
  answer["free"] = status.f_bavail * status.f_frsize;
  answer["inodes"] = status.f_files;
  answer["free_inodes"] = status.f_favail;
  if (const auto version = read_file(root, ".meta/version")) {
    answer["version"] = Json::parse(*version, nullptr, false).value("Package Version", "");
  }
  if (write) answer["write"] = write_and_read(root);
  return answer;
}

// Space and inodes alike: below a share of the whole.
void judge_share(CheckContext& context, const char* code, const char* what, std::uint64_t free, std::uint64_t all) {
  if (all == 0) return;  // Gluster on bricks that do not count them
  const double percent = 100.0 * static_cast<double>(free) / static_cast<double>(all);
  const bool is_critical = context.options.critical_free_percent.alerts(percent);
  if (!is_critical && !context.options.warning_free_percent.alerts(percent)) return;
  auto& finding = context.add(code, fmt::format("{:.1f} % of the {} free", percent, what),
                              "see what lies there: ganeti-gluster disk ls; then add bricks or remove images");
  finding.severity = is_critical ? Severity::critical : Severity::warning;
  finding.instances = context.instances;
}

// GlusterFS N.x understands operating versions up to N * 10000 and what its minor versions add.
void judge_version(CheckContext& context, const std::string& client) {
  const auto info = read_linked_file("/var/lib/glusterd/glusterd.info").value_or("");
  constexpr std::string_view key = "operating-version=";
  const auto found = info.find(key);
  if (found == std::string::npos) return;  // no server of Gluster
  const auto cluster_major = std::atoi(info.c_str() + found + key.size()) / 10000;
  if (std::atoi(client.c_str()) >= cluster_major) return;
  context.add("CLIENT_OUTDATED",
              fmt::format("the client is GlusterFS {}, the cluster works as {}", client, cluster_major),
              "upgrade glusterfs-client; then, without instances: ganeti-gluster umount && ganeti-gluster mount");
}

}  // namespace

void look_at_volume(CheckContext& context) {
  if (context.status.state == MountState::not_mounted) return;
  const auto answers = ask_volume(context, {[&](int root) { return ask(root, context.options.write); },  //
                                            question_of_images(context)});
  if (answers.size() > 1) context.images_answer = answers[1].dump();
  const auto& answer = answers.front();
  refuse_error(answer);
  auto& measured = context.report.measured;
  measured.size_bytes = answer.at("size").get<std::uint64_t>();
  measured.free_bytes = answer.at("free").get<std::uint64_t>();
  measured.inodes = answer.at("inodes").get<std::uint64_t>();
  measured.free_inodes = answer.at("free_inodes").get<std::uint64_t>();
  judge_share(context, "SPACE_LOW", "space is", *measured.free_bytes, *measured.size_bytes);
  judge_share(context, "INODES_LOW", "inodes are", *measured.free_inodes, *measured.inodes);
  if (answer.contains("version")) judge_version(context, answer["version"].get<std::string>());
  if (const auto why = answer.value("write", ""); !why.empty()) {
    context.add("WRITE_FAILED", why, "gluster volume status; gluster volume heal VOLUME info summary").instances =
        context.instances;
  }
}

}  // namespace ganeti::gluster
