// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/check/mutes.hpp>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <numeric>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "check/memory.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::chrono::years longest_mute{10};

// Single letters to add, take out or change (Levenshtein).
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (const char letter : one) {
    auto diagonal = row[0]++;
    for (std::size_t j = 0; j < other.size(); ++j) {
      const auto changed = diagonal + (letter == other[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

// Codes that may have been meant: few letters differ, or it is a part of them, such as MOUNT.
std::vector<std::string_view> near_codes(std::string text) {
  constexpr std::size_t few = 3;
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  std::vector<std::string_view> codes;
  for (const auto& kind : finding_kinds()) {
    const std::string_view code = kind.code;
    const bool is_part = text.size() >= few && code.find(text) != std::string_view::npos;
    if (is_part || distance(text, code) <= few) codes.push_back(code);
  }
  return codes;
}

void require_known(const std::string& code, const char* failed) {
  if (find_finding_kind(code) != nullptr) return;
  const auto near = near_codes(code);
  throw Error(errno_code(EINVAL),
              {code, failed, "there is no finding with this code",
               near.empty() ? "see gluster-mount-check explain for all there are"
                            : fmt::format("perhaps {} was meant; see gluster-mount-check explain for all there are",
                                          fmt::join(near, " or "))});
}

bool forget(std::vector<Mute>& mutes, const std::string& code) {
  return std::erase_if(mutes, [&](const Mute& mute) { return mute.code == code; }) != 0;
}

// The finding as the last check saw it.
std::optional<RememberedFinding> find_present(const FindingMemory& memory, const std::string& code) {
  for (auto& known : memory.findings()) {
    if (known.code == code && known.since != 0) return std::move(known);
  }
  return std::nullopt;
}

}  // namespace

Mute mute_finding(const NodePaths& paths, const std::string& storage_dir, const MuteRequest& request) {
  require_known(request.code, "cannot mute");
  Mute mute;
  mute.code = request.code;
  mute.is_sticky = request.is_sticky;
  mute.set_by = request.set_by;
  mute.set_at = request.time;
  if (request.duration) {
    if (*request.duration <= std::chrono::seconds(0) || *request.duration > longest_mute) {
      throw Error(errno_code(EINVAL), {request.code, "cannot mute", "a mute lasts from one second to ten years",
                                       "leave the time out for one without an end"});
    }
    mute.until = request.time + request.duration->count();
  }
  const FindingMemory memory(paths, storage_dir);
  const auto lock = memory.lock();
  if (const auto present = find_present(memory, request.code)) {
    mute.extent = present->extent;
    mute.severity = present->severity;
  } else if (!request.is_sticky) {
    throw Error(errno_code(ENOENT), {request.code, "cannot mute", "the last check did not find it",
                                     "mute it with --sticky if it shall be quiet whenever it comes"});
  }
  auto mutes = memory.mutes();
  forget(mutes, request.code);
  mutes.push_back(mute);
  std::sort(mutes.begin(), mutes.end(), [](const Mute& one, const Mute& other) { return one.code < other.code; });
  memory.keep_mutes(mutes);
  return mute;
}

bool unmute_finding(const NodePaths& paths, const std::string& storage_dir, const std::string& code) {
  const FindingMemory memory(paths, storage_dir);
  const auto lock = memory.lock();
  auto mutes = memory.mutes();
  if (!forget(mutes, code)) {  // first, as another version may have had the code
    require_known(code, "cannot unmute");
    return false;
  }
  memory.keep_mutes(mutes);
  return true;
}

std::vector<Mute> list_mutes(const NodePaths& paths, const std::string& storage_dir, std::int64_t time) {
  auto mutes = FindingMemory(paths, storage_dir).mutes();
  std::erase_if(mutes, [&](const Mute& mute) { return mute.until != 0 && mute.until <= time; });
  return mutes;
}

}  // namespace ganeti::gluster
