// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {

/// Throws the one form of SettingsError for what is written wrongly: `FILE:LINE: cannot read settings: ...`.
[[noreturn]] void throw_mistake(const std::string& file, int line, std::string why, std::string cure);

/// Throws what throw_mistake() is made of where only the value is known; @p what is its kind.
[[noreturn]] void refuse_value(std::string_view what, std::string_view value, std::string why, std::string cure);

}  // namespace ganeti::gluster
