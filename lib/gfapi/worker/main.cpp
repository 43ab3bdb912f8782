// SPDX-License-Identifier: BSD-2-Clause
//
// Holds a connection to one volume by libgfapi and does what the library asks for on its standard input, a socket.
// Not for people: it says nothing, and ends with whoever started it.
#include <csignal>
#include <exception>
#include <optional>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "gfapi/channel.hpp"
#include "gfapi/idle.hpp"
#include "gfapi/worker/images.hpp"
#include "gfapi/worker/user_watch.hpp"

namespace gg = ganeti::gluster;

namespace {

// @returns whether there is a connection.
bool connect(std::optional<gg::GfapiImages>& images, const std::string& task, gg::Answer& answer, std::string& result) {
  try {
    images.emplace(gg::WorkerTask::parse(task));
    return true;
  } catch (const gg::Error& error) {
    answer.error = ENOTCONN;
    result = fmt::format("{}\n{}", error.text().why, error.text().cure);
  } catch (const std::exception& error) {
    answer.error = ENOTCONN;
    result = fmt::format("{}\n", error.what());
  }
  return false;
}

void serve(gg::Channel& channel) {
  std::optional<gg::GfapiImages> images;
  while (true) {
    gg::Request request;
    std::string data;
    std::string result;
    gg::Answer answer;
    const auto got = channel.receive(request, data, gg::Deadline::in(gg::idle_limit));
    if (got == gg::Received::timeout && images && images->has_open_files()) continue;
    if (got != gg::Received::message) break;
    if (request.operation == gg::Operation::connect) {
      if (!connect(images, data, answer, result)) {
        static_cast<void>(channel.send(answer, result, gg::Deadline::in(gg::idle_limit)));
        break;
      }
    } else if (images) {
      answer = images->run(request, data, result);
    } else {
      break;
    }
    if (request.operation == gg::Operation::close) continue;
    if (channel.send(answer, result, gg::Deadline::in(gg::idle_limit)) != gg::Received::message) break;
  }
  if (images) images->sync_all();
}

}  // namespace

int main() {
  ::signal(SIGPIPE, SIG_IGN);
  umask(022);
  gg::end_with_user(STDIN_FILENO);
  try {
    gg::Channel channel{gg::UniqueFd(STDIN_FILENO)};
    serve(channel);
  } catch (const std::exception&) {
    _exit(1);  // there is nobody left to tell
  }
  _exit(0);  // libgfapi takes eleven seconds to close
}
