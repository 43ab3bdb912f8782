// SPDX-License-Identifier: BSD-2-Clause
#include "check/watchdog.hpp"

#include <array>
#include <cerrno>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/child.hpp"
#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "check/check_context.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

// What the child says on its pipe: lines that begin with one of these.
constexpr std::string_view probe_line = "probe ";
constexpr std::string_view log_line = "log ";        // followed by one digit, the level
constexpr std::string_view judged_line = "judged";   // by the last probe
constexpr std::string_view report_line = "report ";  // followed by the report as it is by now
constexpr std::string_view end_line = "end";         // that report is the whole

// Marks that a child could not be killed. The lock belongs to the open file, which the child has too: it lasts for as
// long as the child does, whatever becomes of its parent.
class StuckMark {
 public:
  explicit StuckMark(const std::string& path)
      : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (!fd_) throw Error(errno_code(errno), {path, "cannot open it", {}, "run this as root"});
  }

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  // The process that is stuck.
  [[nodiscard]] std::optional<std::string> find() const {
    auto lock = whole_file();
    if (fcntl(fd_.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
    std::array<char, 16> pid{};
    const auto n = pread(fd_.get(), pid.data(), pid.size(), 0);
    return std::string(pid.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  }

  void set(pid_t pid) const noexcept {
    auto lock = whole_file();
    if (fcntl(fd_.get(), F_OFD_SETLK, &lock) != 0 || ftruncate(fd_.get(), 0) != 0) return;
    const auto text = std::to_string(pid);
    [[maybe_unused]] const auto written = pwrite(fd_.get(), text.data(), text.size(), 0);
  }

 private:
  static struct flock whole_file() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
  }

  UniqueFd fd_;
};

int run_check(const std::function<CheckReport(const ProbeBegins&)>& check) {
  set_log_sink([](LogLevel level, std::string_view message) {
    tell_parent(fmt::format("{}{}{}\n", log_line, static_cast<int>(level), message));
  });
  const auto report = check([](const std::string& name, const CheckReport& so_far) {
    std::string text;
    if (!so_far.findings.empty()) {
      text = fmt::format("{}{}\n", report_line, to_json_line(so_far));
    } else if (!so_far.probes.empty() && so_far.probes.back().success) {
      text = fmt::format("{}\n", judged_line);  // costs nothing where all is well
    }
    tell_parent(fmt::format("{}{}{}\n", text, probe_line, name));
  });
  tell_parent(fmt::format("{}{}\n{}\n", report_line, to_json_line(report), end_line));
  return 0;
}

struct HeardProbe {
  std::string name;
  bool has_judged = false;
};

struct Heard {
  std::vector<HeardProbe> probes;
  std::string other;   // what is none of ours, such as the reason why the child ended
  std::string report;  // the last one
  bool is_whole = false;
};

Heard listen(const std::string& output) {
  Heard heard;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(probe_line)) {
      heard.probes.push_back({line.substr(probe_line.size())});
    } else if (line == judged_line && !heard.probes.empty()) {
      heard.probes.back().has_judged = true;
    } else if (line.starts_with(log_line) && line.size() > log_line.size()) {
      const auto level = static_cast<LogLevel>(line[log_line.size()] - '0');
      log_message(level, std::string_view(line).substr(log_line.size() + 1));
    } else if (line.starts_with(report_line)) {
      if (!lines.eof()) heard.report = line.substr(report_line.size());  // or it was killed in the middle of it
    } else if (line == end_line) {
      heard.is_whole = true;
    } else {
      heard.other += (heard.other.empty() ? "" : " ") + line;
    }
  }
  return heard;
}

CheckReport read_report(const std::string& text, const CheckReport& frame) {
  auto report = parse_check_report(text);
  if (report.storage_dir.empty()) report.storage_dir = frame.storage_dir;  // it did not come so far
  return report;
}

// What was found until then, and that this is not all.
CheckReport without_end(const CheckReport& frame, const Heard& heard, Finding finding) {
  auto report = heard.report.empty() ? frame : read_report(heard.report, frame);
  for (auto i = report.probes.size(); i < heard.probes.size(); ++i) {
    const auto& [name, has_judged] = heard.probes[i];
    report.probes.push_back({name, has_judged, 0us, has_judged ? "" : "the check did not end"});
  }
  report.findings.push_back(std::move(finding));
  report.sort_findings();
  return report;
}

std::string last_probe(const Heard& heard) {
  return heard.probes.empty() ? "before its first probe" : "at the probe " + heard.probes.back().name;
}

CheckReport read_answer(const Heard& heard, const CheckReport& frame) {
  if (heard.is_whole) return read_report(heard.report, frame);
  const auto why = heard.other.empty() ? "it says no reason" : heard.other;
  return without_end(frame, heard,
                     make_finding("CHECK_FAILED", fmt::format("it ended {}: {}", last_probe(heard), why),
                                  "see its messages: gluster-mount-check -vvv"));
}

CheckReport run_unguarded(std::chrono::milliseconds limit, const CheckReport& frame, const StuckMark& mark,
                          const std::function<CheckReport(const ProbeBegins&)>& check) {
  if (const auto pid = mark.find()) {
    return without_end(frame, {},
                       make_finding("CHECK_TIMEOUT", fmt::format("an earlier check, process {}, still waits", *pid),
                                    fmt::format("see for what: cat /proc/{}/stack", *pid)));
  }
  ChildOptions options;
  options.keep_fds = {mark.fd()};
  options.self_destruct = std::chrono::ceil<std::chrono::seconds>(limit) + 1s;
  auto child = Child::start(options, [&] { return run_check(check); });
  const bool ended = child.wait(Deadline::in(limit));
  const auto heard = listen(child.output());
  if (ended || heard.is_whole) return read_answer(heard, frame);
  const bool killed = child.kill(100ms);
  if (!killed) {
    mark.set(child.pid());
    child.abandon();
  }
  return without_end(
      frame, heard,
      make_finding(
          "CHECK_TIMEOUT",
          fmt::format("no answer within {:g} s, {}", std::chrono::duration<double>(limit).count(), last_probe(heard)),
          killed ? "see what waits in the kernel: ps -eo pid,stat,wchan:20,args | grep ' D'"
                 : fmt::format("see for what its process waits: cat /proc/{}/stack", child.pid())));
}

}  // namespace

CheckReport run_within(std::chrono::milliseconds limit, const CheckReport& frame, const std::string& mark,
                       const std::function<CheckReport(const ProbeBegins&)>& check) {
  const auto begin = Clock::now();
  auto report = run_unguarded(limit, frame, StuckMark(mark), check);
  report.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
  return report;
}

CheckReport check_node_within(const CheckOptions& options) {
  const auto frame = report_frame(options);
  try {
    static_cast<void>(open_own_folder(options.paths.state_dir, 0700));
    const auto mark = fmt::format("{}/check-{}", options.paths.state_dir, escape_name(frame.storage_dir));
    return run_within(options.limit, frame, mark, [&](const ProbeBegins& at) {
      auto inner = options;
      inner.limit -= inner.limit / 10;  // a report of what was seen until then is worth more than none
      return check_node(inner, at);
    });
  } catch (const Error& error) {
    return without_end(frame, {}, make_finding("CHECK_FAILED", error.what(), "gluster-mount-check, as root"));
  }
}

}  // namespace ganeti::gluster
