// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>
#include <memory>
#include <optional>

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/check/mutes.hpp>

#include "commands.hpp"
#include "mute_text.hpp"
#include "time_span.hpp"

namespace ganeti::gluster::tool {
namespace {

struct MuteArguments {
  std::string code;
  std::optional<std::chrono::seconds> duration;
  bool is_sticky = false;
};

// Who became root, if that can be told.
std::string login_name() {
  if (const auto* name = std::getenv("SUDO_USER"); name != nullptr && *name != '\0') return name;
  const auto* user = getpwuid(getuid());
  return user != nullptr ? user->pw_name : fmt::format("{}", getuid());
}

int mute(const CheckArguments& arguments, const MuteArguments& wanted) {
  const auto now = seconds_now();
  const auto mute = mute_finding(arguments.check.paths, arguments.storage_dir_in_force(),
                                 {wanted.code, wanted.duration, wanted.is_sticky, login_name(), now});
  fmt::print("{} is muted {}\n", mute.code, mute_text(mute, now));
  return 0;
}

}  // namespace

void add_mute(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("mute", "Leave a finding out of status and summary for a while");
  const auto wanted = std::make_shared<MuteArguments>();
  command->add_option("CODE", wanted->code, "The finding, such as SPACE_LOW")->required();
  add_time_span(*command, "TIME", wanted->duration, "For how long: 30s, 30m, 4h, 2d, 1w");
  command->add_flag("--sticky", wanted->is_sticky, "Also when it clears and comes back, or gets worse");
  command->fallthrough();  // the options of the program may stand after it
  command->footer(
      "The finding is shown and exported as before, as muted. Without --sticky the mute ends when the finding clears, "
      "grows or gets worse. It outlives a boot.\n"
      "Examples:\n"
      "  gluster-mount-check mute SERVER_DOWN 4h\n"
      "  gluster-mount-check mute SPACE_LOW --sticky");
  command->callback([&action, wanted] { action = [wanted](const CheckArguments& a) { return mute(a, *wanted); }; });
}

}  // namespace ganeti::gluster::tool
