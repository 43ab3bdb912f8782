// SPDX-License-Identifier: BSD-2-Clause
#include "check/ask_volume.hpp"

#include <sstream>
#include <string>

#include <fmt/format.h>

#include "base/child.hpp"
#include "base/errno_error.hpp"

namespace ganeti::gluster {

std::vector<nlohmann::json> ask_volume(CheckContext& context, const std::vector<VolumeQuestion>& questions) {
  if (!context.is_mounted_well()) throw CannotJudge("the mount is not well");
  const auto view = look(*context.mount);
  if (!view || !view->row) throw CannotJudge("the mount went away");
  constexpr auto replace = nlohmann::json::error_handler_t::replace;  // names on a volume may be no UTF-8
  const auto child = run_on_mount(context.mount->state(view->real), view->dir, context.deadline, [&] {
    for (const auto& question : questions) {
      tell_parent(question(view->dir.root.get()).dump(-1, ' ', false, replace) + "\n");
    }
    return 0;
  });
  if (!child.started) throw CannotJudge("an earlier look at the mount still gets no answer");
  std::vector<nlohmann::json> answers;
  std::istringstream lines(child.output);
  for (std::string line; std::getline(lines, line);) {
    auto answer = nlohmann::json::parse(line, nullptr, false);
    if (!answer.is_object()) break;  // cut off in the middle
    answers.push_back(std::move(answer));
  }
  if (answers.empty()) throw CannotJudge(child.finished ? "the child that asked was killed" : "no answer in time");
  return answers;
}

void refuse_error(const nlohmann::json& answer) {
  if (answer.contains("error")) throw CannotJudge(errno_code(answer["error"].get<int>()).message());
}

}  // namespace ganeti::gluster
