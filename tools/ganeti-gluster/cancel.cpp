// SPDX-License-Identifier: BSD-2-Clause
#include "cancel.hpp"

#include <cstring>

namespace ganeti::gluster::tool {
namespace {

volatile std::sig_atomic_t received_signal = 0;

void note_signal(int number) { received_signal = number; }

}  // namespace

CancelSignals::CancelSignals() {
  received_signal = 0;
  struct sigaction note {};
  note.sa_handler = note_signal;
  note.sa_flags = SA_RESTART;  // the work must not fail half-way because of it
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) sigaction(signals[i], &note, nullptr);
  }
}

CancelSignals::~CancelSignals() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before_[i], nullptr);
}

std::string CancelSignals::received() {
  return received_signal == 0 ? "" : std::string("SIG") + sigabbrev_np(received_signal);
}

}  // namespace ganeti::gluster::tool
