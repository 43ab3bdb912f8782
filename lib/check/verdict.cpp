// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/check/verdict.hpp>

#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/version.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "base/try_to.hpp"
#include "mount/storage_dir.hpp"

namespace ganeti::gluster {
namespace {

std::string name_of(const std::string& storage_dir) { return escape_name(StorageDir(storage_dir).spelled()) + ".json"; }

// Only root may have written there: whoever reads believes what it says, and it goes to terminals.
UniqueFd open_folder(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0) throw Error(errno_code(errno), {path, "cannot read", {}, {}});
  if ((status.st_uid != 0 && status.st_uid != geteuid()) || (status.st_mode & 022U) != 0) {
    throw Error(errno_code(EPERM), {path, "cannot read", "others than root may write it", {}});
  }
  return fd;
}

// @returns nothing if there is none. @throws Error if it cannot be read.
std::optional<CheckReport> find_verdict(const NodePaths& paths, const std::string& storage_dir) {
  const auto name = name_of(storage_dir);
  if (access(paths.verdict_dir.c_str(), F_OK) != 0 && errno == ENOENT) return std::nullopt;
  const auto folder = open_folder(paths.verdict_dir);
  const auto content = read_file(folder.get(), name);
  if (content) return parse_check_report(*content);
  if (errno == ENOENT) return std::nullopt;
  throw Error(errno_code(errno), {fmt::format("{}/{}", paths.verdict_dir, name), "cannot read", {}, {}});
}

// Why a verdict is not good enough; empty if it is.
std::string refusal(const std::optional<CheckReport>& verdict, const VerdictRequest& request) {
  if (!verdict) return fmt::format("no check of {} has ended since this node was started", request.storage_dir);
  const auto age = request.time - verdict->time;
  if (age < 0) return fmt::format("the last check is dated {} s ahead of this node's clock", -age);
  if (age <= request.max_age.count()) return {};
  return fmt::format("the last check is {} s old, more than {} s; it said {}", age, request.max_age.count(),
                     to_string(verdict->severity()));
}

CheckReport stale(const VerdictRequest& request, const std::string& why) {
  constexpr const char* code = "VERDICT_STALE";
  CheckReport report;
  report.time = request.time;
  report.version = GANETI_GLUSTER_VERSION;
  report.storage_dir = request.storage_dir;
  auto& finding = report.findings.emplace_back();
  finding.code = code;
  finding.severity = find_finding_kind(code)->severity;
  finding.evidence = why;
  finding.cure = "systemctl status ganeti-gluster-check.timer";
  return report;
}

}  // namespace

void publish_verdict(const NodePaths& paths, const CheckReport& report) noexcept {
  try_to("publish the verdict", report.storage_dir, [&] {
    const auto name = name_of(report.storage_dir);
    replace_file(open_own_folder(paths.verdict_dir, 0755).get(), name, to_json_text(report), {.mode = 0644});
  });
}

CheckReport last_verdict(const NodePaths& paths, const VerdictRequest& request) {
  try {
    auto verdict = find_verdict(paths, request.storage_dir);
    const auto why = refusal(verdict, request);
    return why.empty() ? std::move(*verdict) : stale(request, why);
  } catch (const Error& error) {
    return stale(request, error.what());
  }
}

}  // namespace ganeti::gluster
