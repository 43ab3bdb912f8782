// SPDX-License-Identifier: BSD-2-Clause
#include "settings/mount_options.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/algorithm/string/predicate.hpp>

#include "settings/mistake.hpp"
#include "volume/characters.hpp"

namespace ganeti::gluster {
namespace {

enum class Takes { value, nothing, either };

struct OptionRow {
  std::string_view name;
  Takes takes;
};

constexpr OptionRow allowed_options[] = {
    {"direct-io-mode", Takes::value},
    {"attribute-timeout", Takes::value},
    {"entry-timeout", Takes::value},
    {"negative-timeout", Takes::value},
    {"gid-timeout", Takes::value},
    {"lru-limit", Takes::value},
    {"invalidate-limit", Takes::value},
    {"background-qlen", Takes::value},
    {"congestion-threshold", Takes::value},
    {"fetch-attempts", Takes::value},
    {"oom-score-adj", Takes::value},
    {"use-readdirp", Takes::value},
    {"reader-thread-count", Takes::value},
    {"auto-invalidation", Takes::value},
    {"kernel-writeback-cache", Takes::value},
    // With a value, mount.glusterfs of GlusterFS 10 passes `--fopen-keep-cache==VALUE`, which
    // glusterfs refuses.
    {"fopen-keep-cache", Takes::nothing},
    {"event-history", Takes::value},
    {"attr-times-granularity", Takes::value},
    {"noatime", Takes::nothing},
    {"nodev", Takes::nothing},
    {"nosuid", Takes::nothing},
    {"noexec", Takes::nothing},
};

// Set by this library from what it knows; a second one would win over it or be lost.
constexpr std::string_view own_options[] = {
    "server-port",
    "backup-volfile-servers",
    "backupvolfile-server",
    "volume-id",
    "volume-name",
    "log-file",
    "log-level",
    "transport",
    "subdir-mount",
    "process-name",
};

[[noreturn]] void refuse_option(const std::string& option, std::string why) {
  std::vector<std::string_view> names;
  for (const auto& row : allowed_options) names.push_back(row.name);
  refuse_value("option", option, std::move(why),
               fmt::format("leave it out; allowed are {}, x-*", fmt::join(names, ", ")));
}

Takes what_it_takes(const std::string& option, std::string_view name) {
  const auto* row = std::find_if(std::begin(allowed_options), std::end(allowed_options),
                                 [name](const OptionRow& r) { return r.name == name; });
  if (row != std::end(allowed_options)) return row->takes;
  if (std::find(std::begin(own_options), std::end(own_options), name) != std::end(own_options)) {
    refuse_option(option, "it is set from the volume and the other settings");
  }
  // mount(8) acts on these itself: it makes directories or mounts something else.
  if (boost::algorithm::starts_with(name, "x-mount.")) refuse_option(option, "it would change what is mounted");
  if (boost::algorithm::starts_with(name, "x-") && name.size() > 2) return Takes::either;
  refuse_option(option, "it is not among the options that are safe for disk images");
}

}  // namespace

void check_mount_option(const std::string& option) {
  const auto equals = std::min(option.find('='), option.size());
  const auto name = std::string_view(option).substr(0, equals);
  const bool has_value = equals != option.size();
  if (!consists_of(name, name_characters, ".")) {
    refuse_option(option, "the name of an option consists of letters, digits, '.', '_' and '-'");
  }
  const auto takes = what_it_takes(option, name);
  if (takes == Takes::nothing && has_value) refuse_option(option, "it takes no value");
  if (takes == Takes::value && !has_value) refuse_option(option, "it takes a value: name=value");
  if (!has_value) return;
  const auto value = std::string_view(option).substr(equals + 1);
  if (value.empty() || !consists_of(value, name_characters, ".")) {
    refuse_option(option, "its value consists of letters, digits, '.', '_' and '-'");
  }
}

}  // namespace ganeti::gluster
