// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace ganeti::gluster::tool {

inline constexpr const char* redacted = "***";

/// The text with `***` in place of what may be secret: user data in URIs, and whatever follows a word such as
/// password, secret, token or private key. Rather too much than too little.
[[nodiscard]] std::string redact(const std::string& text);

}  // namespace ganeti::gluster::tool
