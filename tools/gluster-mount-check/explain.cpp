// SPDX-License-Identifier: BSD-2-Clause
#include <memory>
#include <string>

#include <fmt/format.h>

#include "commands.hpp"
#include "explanation.hpp"

namespace ganeti::gluster::tool {
namespace {

std::string refuse_unknown(const std::string& code) {
  return find_finding_kind(code) != nullptr
             ? ""
             : fmt::format("there is no finding '{}'; all there are: gluster-mount-check explain", code);
}

int explain(const std::string& code) {
  if (!code.empty()) {
    fmt::print("{}", explanation(*find_finding_kind(code)));
    return 0;
  }
  const char* between = "";
  for (const auto& kind : finding_kinds()) {
    fmt::print("{}{}", between, explanation(kind));
    between = "\n";
  }
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("explain", "Tell what a finding means; without CODE, all");
  const auto code = std::make_shared<std::string>();
  command->add_option("CODE", *code, "As the check prints it")->type_name("")->check(refuse_unknown);
  command->footer("Example: gluster-mount-check explain MOUNT_DEAD");
  command->callback([&action, code] { action = [code](const CheckArguments&) { return explain(*code); }; });
}

}  // namespace ganeti::gluster::tool
