// SPDX-License-Identifier: BSD-2-Clause
#include "settings/choices.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "settings/mistake.hpp"

namespace ganeti::gluster {
namespace {

struct Choice {
  const char* what;
  const char* why_not;
  std::span<const std::string_view> words;
};

// The words of an enumeration stand in its order.
constexpr std::string_view preallocation_words[] = {"off", "falloc", "full"};
constexpr std::string_view overcommit_words[] = {"allow", "warn", "refuse"};
constexpr std::string_view store_words[] = {"auto", "mount", "libgfapi"};
constexpr std::string_view log_level_words[] = {"CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "TRACE", "NONE"};

constexpr Choice preallocation_choice{"preallocation", "space is not taken in such a way", preallocation_words};
constexpr Choice overcommit_choice{"overcommit", "there is no such rule", overcommit_words};
constexpr Choice store_choice{"image store", "images are not reached in such a way", store_words};
constexpr Choice log_level_choice{"log level", "GlusterFS has no such level", log_level_words};

std::size_t place_in(const Choice& choice, std::string_view text) {
  const auto found = std::find(choice.words.begin(), choice.words.end(), text);
  if (found == choice.words.end()) {
    refuse_value(choice.what, text, choice.why_not, fmt::format("use one of {}", fmt::join(choice.words, ", ")));
  }
  return static_cast<std::size_t>(found - choice.words.begin());
}

}  // namespace

Preallocation parse_preallocation(std::string_view text) {
  return static_cast<Preallocation>(place_in(preallocation_choice, text));
}

Overcommit parse_overcommit(std::string_view text) {
  return static_cast<Overcommit>(place_in(overcommit_choice, text));
}

StoreKind parse_store_kind(std::string_view text) { return static_cast<StoreKind>(place_in(store_choice, text)); }

void check_log_level(std::string_view text) { static_cast<void>(place_in(log_level_choice, text)); }

std::string to_string(Preallocation preallocation) {
  return std::string(preallocation_words[static_cast<std::size_t>(preallocation)]);
}

std::string to_string(Overcommit overcommit) {
  return std::string(overcommit_words[static_cast<std::size_t>(overcommit)]);
}

std::string to_string(StoreKind kind) { return std::string(store_words[static_cast<std::size_t>(kind)]); }

}  // namespace ganeti::gluster
