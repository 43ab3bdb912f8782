// SPDX-License-Identifier: BSD-2-Clause
#include "repair.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ganeti-gluster/check/repair.hpp>
#include <ganeti-gluster/error.hpp>

#include "plugin_output.hpp"
#include "printable.hpp"

namespace ganeti::gluster::tool {
namespace {

struct Outcome {
  bool is_done = false;
  std::string said;  // what was done, or why it was not
};

Outcome act(const RepairStep& step) {
  try {
    return {true, step.act()};
  } catch (const Error& error) {
    return {false, error.what()};
  }
}

void print_plan(const RepairStep& step) {
  fmt::print("{}: {}\n", step.code, printable(step.what));
  for (const auto& effect : step.effects) fmt::print("  {}\n", printable(effect));
  if (!step.refusal.empty()) fmt::print("  refused: {}\n", printable(step.refusal));
}

nlohmann::ordered_json to_json(const RepairStep& step, const Outcome* outcome) {
  nlohmann::ordered_json json{
      {"code", step.code}, {"repair", step.repair}, {"what", step.what}, {"effects", step.effects}};
  json["refusal"] = step.refusal.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(step.refusal);
  json["done"] = outcome != nullptr && outcome->is_done;
  json["said"] = outcome == nullptr ? nlohmann::ordered_json() : nlohmann::ordered_json(outcome->said);
  return json;
}

}  // namespace

int repair(const CheckArguments& arguments, const std::function<CheckReport()>& look) {
  const bool as_json = arguments.format == Format::json;
  const auto before = look();
  const auto scope = arguments.repair == "hung" ? RepairScope::hung : RepairScope::safe;
  const auto plan = plan_repair(before, arguments.check, scope);
  auto steps = nlohmann::ordered_json::array();
  for (const auto& step : plan) {
    if (!as_json) print_plan(step);
    if (arguments.is_dry_run || !step.refusal.empty()) {
      steps.push_back(to_json(step, nullptr));
      continue;
    }
    std::fflush(stdout);  // a step may take its time, and is told before it begins
    const auto outcome = act(step);
    steps.push_back(to_json(step, &outcome));
    if (!as_json) fmt::print("  {}: {}\n", outcome.is_done ? "done" : "failed", printable(outcome.said));
  }
  const auto after = arguments.is_dry_run ? before : look();
  if (as_json) {
    constexpr auto replace = nlohmann::ordered_json::error_handler_t::replace;
    const nlohmann::ordered_json document{{"format_version", 1},
                                          {"dry_run", arguments.is_dry_run},
                                          {"steps", steps},
                                          {"report", nlohmann::ordered_json::parse(to_json_text(after))}};
    fmt::print("{}\n", document.dump(2, ' ', false, replace));
  } else {
    if (plan.empty()) fmt::print("there is nothing to repair\n");
    fmt::print("{}", plugin_output(after, arguments.check, 0));
  }
  return static_cast<int>(after.severity());
}

}  // namespace ganeti::gluster::tool
