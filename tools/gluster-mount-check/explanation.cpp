// SPDX-License-Identifier: BSD-2-Clause
#include "explanation.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ganeti::gluster::tool {

std::string explanation(const FindingKind& kind) {
  auto severity = to_string(kind.severity);
  std::transform(severity.begin(), severity.end(), severity.begin(),
                 [](char c) { return static_cast<char>(c - 'A' + 'a'); });
  return fmt::format(
      "{}\n"
      "\tA {} finding: {}.\n\n"
      "\t{}\n\n"
      "\t{}\n\n"
      "\tgnt-cluster verify: {}\n",
      kind.code, severity, kind.summary, kind.consequence, kind.explanation, kind.ganeti_code);
}

}  // namespace ganeti::gluster::tool
