// SPDX-License-Identifier: BSD-2-Clause
#include "settings/mistake.hpp"

#include <fmt/format.h>

#include "volume/refusal.hpp"

namespace ganeti::gluster {

void throw_mistake(const std::string& file, int line, std::string why, std::string cure) {
  throw SettingsError(Errc::invalid_settings,
                      {fmt::format("{}:{}", file, line), "cannot read settings", std::move(why), std::move(cure)});
}

void refuse_value(std::string_view what, std::string_view value, std::string why, std::string cure) {
  throw SettingsError(Errc::invalid_settings, {fmt::format("{} {}", what, quoted(value)), "cannot use it for a setting",
                                               std::move(why), std::move(cure)});
}

}  // namespace ganeti::gluster
