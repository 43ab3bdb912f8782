// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/volume/resolve.hpp>

#include "check/check_context.hpp"
#include "mount/diagnosis.hpp"
#include "mount/reach.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

struct ServerAnswers {
  std::vector<std::string> down;
  std::string why;
  std::string cure;
};

// A server is up if one of its addresses answers.
ServerAnswers ask_servers(const GlusterVolume& volume, const Deadline& deadline) {
  ServerAnswers answers;
  const auto reached = reach_servers(volume, deadline);
  for (const auto& server : volume.servers()) {
    std::optional<Diagnosis> trouble;
    bool is_up = false;
    for (const auto& reach : reached) {
      if (reach.host != server.host) continue;
      const auto found = diagnose(reach, volume.port());
      is_up = is_up || !found;
      if (found) trouble = found;
    }
    if (is_up || !trouble) continue;
    answers.down.push_back(server.host);
    answers.why += (answers.why.empty() ? "" : ", ") + trouble->why;
    if (answers.cure.empty()) answers.cure = trouble->cure;
  }
  return answers;
}

}  // namespace

void look_at_servers(CheckContext& context) {
  if (!context.volume || context.volume->transport() == Transport::unix_socket) return;
  constexpr auto patience = 2s;
  const auto volume = resolve(*context.volume, context.deadline.within(patience).left());
  const auto count = volume.servers().size();
  auto answers = ask_servers(volume, context.deadline.within(patience));
  // One packet that was lost is no server that is down.
  if (!answers.down.empty()) answers = ask_servers(volume, context.deadline.within(patience));
  context.report.measured.servers = count;
  context.report.measured.servers_up = count - answers.down.size();
  if (answers.down.empty()) return;
  context.add(answers.down.size() == count ? "SERVERS_DOWN" : "SERVER_DOWN", answers.why, answers.cure, answers.down);
}

}  // namespace ganeti::gluster
