// SPDX-License-Identifier: BSD-2-Clause
#include "journal.hpp"

#include <csignal>
#include <cstring>

#include <dlfcn.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <fmt/format.h>
#include <systemd/sd-journal.h>

#include "journal_entry.hpp"

namespace ganeti::gluster::tool {
namespace {

/// The journal's socket blocks when it is full, as when the journal is stopped. While this lives, a signal ends such a
/// wait soon, and each later one at once.
class TimeLimit {
 public:
  TimeLimit() {
    struct sigaction wake {};
    wake.sa_handler = [](int) {};  // without SA_RESTART: the call fails with EINTR
    sigaction(SIGALRM, &wake, &before_);
    const itimerval second{{0, 10'000}, {0, 200'000}};
    setitimer(ITIMER_REAL, &second, nullptr);
  }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit() {
    const itimerval none{};
    setitimer(ITIMER_REAL, &none, nullptr);
    sigaction(SIGALRM, &before_, nullptr);
  }

 private:
  struct sigaction before_ {};
};

// Not linked: hardly any check has news, and each would pay for it and for the six libraries that it needs in turn,
// once for each process that it makes.
decltype(&sd_journal_sendv) load_sendv() {
  void* const library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
  return library == nullptr ? nullptr
                            : reinterpret_cast<decltype(&sd_journal_sendv)>(dlsym(library, "sd_journal_sendv"));
}

}  // namespace

void tell_journal(const CheckReport& report, const std::vector<Transition>& transitions) {
  if (transitions.empty()) return;
  const auto sendv = load_sendv();
  if (sendv == nullptr) return;  // there is no journal without it
  const TimeLimit limit;
  for (const auto& transition : transitions) {
    auto fields = journal_fields(report, transition);
    std::vector<iovec> parts;
    for (auto& field : fields) parts.push_back({field.data(), field.size()});
    const int result = sendv(parts.data(), static_cast<int>(parts.size()));
    if (result >= 0) continue;
    fmt::print(stderr, "gluster-mount-check: warning: journal: cannot tell of {}: {}\n", transition.finding.code,
               std::strerror(-result));
    return;
  }
}

}  // namespace ganeti::gluster::tool
