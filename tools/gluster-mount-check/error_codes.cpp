// SPDX-License-Identifier: BSD-2-Clause
#include "error_codes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plain.hpp"
#include "printable.hpp"

namespace ganeti::gluster::tool {
namespace {

// Of a finding whose kind is not known here, and of a probe that could not judge (Ganeti: CV_ENODESETUP).
constexpr const char* general_code = "ENODESETUP";

std::string ganeti_code(const std::string& code) {
  const auto* kind = find_finding_kind(code);
  return kind != nullptr ? kind->ganeti_code : general_code;
}

std::string line(const CheckReport& report, Severity severity, const std::string& code, const std::string& message) {
  const auto* type = severity == Severity::warning ? "WARNING" : "ERROR";
  return printable(fmt::format("{}:{}:node:{}:{}", type, code, report.node, message)) + "\n";
}

}  // namespace

std::string error_code_lines(const CheckReport& report) {
  std::string lines;
  for (const auto& finding : report.findings) {
    if (!finding.counts()) continue;
    lines += line(report, finding.severity, ganeti_code(finding.code), finding.code + ": " + finding.evidence);
  }
  for (const auto& unjudged : describe_unjudged(report)) {
    lines += line(report, Severity::warning, general_code, "cannot judge " + unjudged);
  }
  return lines;
}

void demote(CheckReport& report, const std::vector<std::string>& codes) {
  const auto is_named = [&](const Finding& finding) {
    return std::any_of(codes.begin(), codes.end(),
                       [&](const auto& code) { return code == finding.code || code == ganeti_code(finding.code); });
  };
  for (auto& finding : report.findings) {
    if (is_named(finding)) finding.severity = Severity::warning;
  }
  report.sort_findings();
}

}  // namespace ganeti::gluster::tool
