// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ganeti-gluster/check/report.hpp>

namespace ganeti::gluster::tool {

/// A text for the line of a plugin: printable, and without the `|` that ends it.
[[nodiscard]] std::string plain(std::string_view text);

/// The first of @p words with commas between, and how many more there are of @p total.
[[nodiscard]] std::string join_some(const std::vector<std::string>& words, std::size_t most, std::uint64_t total);

/// The kind's summary of a finding.
[[nodiscard]] std::string summary_of(const Finding& finding);

/// `MOUNT_DEAD(9m 5s)`: what is muted, and for how long; without a time if it has no end.
[[nodiscard]] std::string describe_mute(const Finding& finding, std::int64_t now);
/// The same for all that is muted, with commas between; empty if nothing is.
[[nodiscard]] std::string describe_mutes(const CheckReport& report);

/// What could not be judged and why, `mount, holds: the reason`: probes that have the same reason are told together.
[[nodiscard]] std::vector<std::string> describe_unjudged(const CheckReport& report);

/// In percent; nothing if it is not known.
[[nodiscard]] std::optional<double> free_percent(const std::optional<std::uint64_t>& free,
                                                 const std::optional<std::uint64_t>& size);

/// `4.2 ms`
[[nodiscard]] std::string format_milliseconds(std::chrono::microseconds duration);

}  // namespace ganeti::gluster::tool
