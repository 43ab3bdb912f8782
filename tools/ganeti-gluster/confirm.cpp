// SPDX-License-Identifier: BSD-2-Clause
#include "confirm.hpp"

#include <iostream>

#include <unistd.h>

#include <fmt/format.h>

namespace ganeti::gluster::tool {

void add_force(CLI::App& command, bool& force) { command.add_flag("-f,--force", force, "Do not ask"); }

void confirm(const std::string& question, const std::string& subject, const char* failed) {
  const auto refuse = [&](const char* why) {
    throw NotConfirmed(std::make_error_code(std::errc::operation_canceled),
                       {subject, failed, why, "to do it without a question: --force"});
  };
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) refuse("nobody can be asked, as this is no terminal");
  fmt::print(stderr, "{} y/[n]: ", question);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") refuse("it was not confirmed");
}

}  // namespace ganeti::gluster::tool
