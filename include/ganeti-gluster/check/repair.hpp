// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ganeti-gluster/check/check.hpp>
#include <ganeti-gluster/check/report.hpp>
#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// How far a repair may go.
enum class RepairScope {
  safe,  ///< nothing that could harm a running instance
  hung,  ///< also cuts a hung mount off from its client: whatever uses it gets errors at once
};

/// One thing to do about one finding.
struct RepairStep {
  std::string code;                  ///< of the finding
  std::string repair;                ///< stable name of what is done, `replace_dead_mount`; empty: nothing is
  std::string what;                  ///< for people, one line
  std::vector<std::string> effects;  ///< on each instance that it touches
  std::string refusal;               ///< why nothing is done; empty: the step is to be done
  std::function<std::string()> act;  ///< does it, and says what was done. @throws Error
};

/// What is to be done about a report's findings, in the order in which it has to be done. Changes nothing.
///
/// Each step looks again before it acts, under the lock that its object has, and refuses what has changed meanwhile:
/// other processes and nodes go on working while a plan is read.
[[nodiscard]] GANETI_GLUSTER_API std::vector<RepairStep> plan_repair(const CheckReport& report,
                                                                     const CheckOptions& options, RepairScope scope);

}  // namespace ganeti::gluster
