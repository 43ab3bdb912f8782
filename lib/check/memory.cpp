// SPDX-License-Identifier: BSD-2-Clause
#include "check/memory.hpp"

#include <cerrno>
#include <stdexcept>

#include <fcntl.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "base/file_lock.hpp"
#include "mount/storage_dir.hpp"

namespace ganeti::gluster {
namespace {

using Json = nlohmann::ordered_json;

constexpr int memory_version = 1;
constexpr std::chrono::seconds memory_lock_limit{2};  // it is held for one small write

Json to_json(const RememberedFinding& finding) {
  return {{"code", finding.code},     {"probe", finding.probe}, {"severity", static_cast<int>(finding.severity)},
          {"extent", finding.extent}, {"since", finding.since}, {"appeared", finding.appeared}};
}

Json to_json(const Mute& mute) {
  return {{"code", mute.code},
          {"until", mute.until},
          {"sticky", mute.is_sticky},
          {"extent", mute.extent},
          {"set_by", mute.set_by},
          {"set_at", mute.set_at},
          {"severity", static_cast<int>(mute.severity)}};
}

Severity severity_of(const Json& json) {
  const auto value = json.at("severity").get<int>();
  if (value < static_cast<int>(Severity::ok) || value > static_cast<int>(Severity::unknown)) {
    throw std::invalid_argument(fmt::format("{} is no severity", value));
  }
  return static_cast<Severity>(value);
}

void from_json(const Json& json, RememberedFinding& finding) {
  finding.code = json.at("code");
  finding.probe = json.at("probe");
  finding.severity = severity_of(json);
  finding.extent = json.at("extent");
  finding.since = json.at("since");
  finding.appeared = json.at("appeared").get<std::vector<std::int64_t>>();
}

void from_json(const Json& json, Mute& mute) {
  mute.code = json.at("code");
  mute.until = json.at("until");
  mute.is_sticky = json.at("sticky");
  mute.extent = json.at("extent");
  mute.set_by = json.at("set_by");
  mute.set_at = json.at("set_at");
  mute.severity = severity_of(json);
}

template <typename Entry>
std::vector<Entry> read_entries(const std::string& file, const char* cure) {
  const auto content = read_file(AT_FDCWD, file);
  if (!content && errno == ENOENT) return {};
  if (!content) throw Error(errno_code(errno), {file, "cannot read", {}, "see that root may read it"});
  try {
    const auto document = Json::parse(*content);
    if (document.at("format_version") != memory_version) throw std::invalid_argument("it is of another version");
    std::vector<Entry> entries;
    for (const auto& item : document.at("entries")) from_json(item, entries.emplace_back());
    return entries;
  } catch (const std::exception& error) {  // not whole, or not ours
    throw Error(errno_code(EINVAL), {file, "cannot understand", error.what(), cure});
  }
}

template <typename Entry>
void keep_entries(const std::string& file, const std::vector<Entry>& entries, const ReplaceOptions& options) {
  Json document{{"format_version", memory_version}, {"entries", Json::array()}};
  for (const auto& entry : entries) document["entries"].push_back(to_json(entry));
  const auto content = document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
  const auto known = read_file(AT_FDCWD, file);
  if (known == content || (!known && entries.empty())) return;
  replace_file(AT_FDCWD, file, content, options);
}

}  // namespace

FindingMemory::FindingMemory(const NodePaths& paths, const std::string& storage_dir)
    : lock_file_(paths.persistent_dir + "/check.lock") {
  const auto name = escape_name(StorageDir(storage_dir).spelled());
  findings_file_ = fmt::format("{}/findings-{}", paths.persistent_dir, name);
  mutes_file_ = fmt::format("{}/mutes-{}", paths.persistent_dir, name);
  static_cast<void>(open_own_folder(paths.persistent_dir, 0700));
}

UniqueFd FindingMemory::lock() const {
  auto lock = keep_trying(Deadline::in(memory_lock_limit), [&] { return try_lock_file(AT_FDCWD, lock_file_); });
  if (lock) return std::move(*lock);
  throw Error(errno_code(ETIMEDOUT),
              {lock_file_, "cannot lock", "another process has had the lock for all the time", "try again"});
}

std::vector<RememberedFinding> FindingMemory::findings() const {
  return read_entries<RememberedFinding>(findings_file_, "the next check writes it anew");
}

std::vector<Mute> FindingMemory::mutes() const {
  return read_entries<Mute>(mutes_file_, "mend it, or remove it and mute again");
}

void FindingMemory::keep_findings(const std::vector<RememberedFinding>& findings) const {
  keep_entries(findings_file_, findings, {});
}

// Durable, as it is an admin's word.
void FindingMemory::keep_mutes(const std::vector<Mute>& mutes) const {
  keep_entries(mutes_file_, mutes, {.is_durable = true});
}

}  // namespace ganeti::gluster
