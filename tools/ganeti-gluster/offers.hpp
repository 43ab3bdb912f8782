// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/dropin/ganeti_tree.hpp>

#include "output.hpp"

namespace ganeti::gluster::tool {

/// Something that goes on by itself once an admin has switched it on.
struct Offer {
  const char* what;
  std::string command;  ///< that switches it on
};

/// What this installation has to offer and this node has not switched on.
[[nodiscard]] std::vector<Offer> open_offers(const ProgramPaths& programs);

void print_offers(const std::vector<Offer>& offers);
[[nodiscard]] Json to_json(const std::vector<Offer>& offers);

}  // namespace ganeti::gluster::tool
