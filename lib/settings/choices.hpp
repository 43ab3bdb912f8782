// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include <ganeti-gluster/settings/settings.hpp>

namespace ganeti::gluster {

/// Settings that are one of a few words. Each throws SettingsError for any other.
[[nodiscard]] Preallocation parse_preallocation(std::string_view text);
[[nodiscard]] Overcommit parse_overcommit(std::string_view text);
[[nodiscard]] StoreKind parse_store_kind(std::string_view text);
void check_log_level(std::string_view text);

}  // namespace ganeti::gluster
