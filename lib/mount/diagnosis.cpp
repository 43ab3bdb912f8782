// SPDX-License-Identifier: BSD-2-Clause
#include "mount/diagnosis.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

namespace ganeti::gluster {
namespace {

std::string port_hint(std::uint16_t port) {
  return port == VolumeParameters().port ? "" : fmt::format(", and that gluster:port is {}", port);
}

struct KnownCause {
  const char* in_log;
  const char* why;  // {0}: volume, {1}: subdir
  const char* cure;
};

// Lines that the client of GlusterFS 10 writes, found by making each failure happen.
constexpr KnownCause known_causes[] = {
    {"failed to fetch volume file", "the servers know no volume {0}", "check the name with: gluster volume list"},
    {"failed to get the volume file [{from server}, {errno=2}", "the servers know no volume {0}",  // libgfapi's
     "check the name with: gluster volume list"},
    {"subdirectory for mount", "the volume {0} has no directory {1}", "create it on the volume, or correct subdir"},
    {"Authentication failed", "the servers refuse this node or its certificate (auth.allow, auth.ssl-allow)",
     "check with: gluster volume get {0} all | grep auth"},
    {"could not load our cert", "the volume wants TLS, and this node has no certificate for it",
     "put glusterfs.pem, glusterfs.key and glusterfs.ca into /usr/lib/ssl"},
    {"Connection reset by peer", "a brick of {0} dropped the connection, as it does for a certificate of an unknown CA",
     "compare glusterfs.ca in /usr/lib/ssl of this node and of the servers"},
    {"failed to get the port number for remote subvolume", "the volume {0} is stopped, or too few of its bricks run",
     "check with: gluster volume status {0}; start what is missing with: gluster volume start {0} force"},
    {"All subvolumes are down", "no brick of the volume {0} can be reached", "check with: gluster volume status {0}"},
    {"Client-quorum is not met", "the volume {0} has no quorum", "check with: gluster volume status {0}"},
};

const KnownCause* find_known(const std::vector<std::string>& causes) {
  for (const auto& known : known_causes) {
    for (const auto& cause : causes) {
      if (boost::algorithm::contains(cause, known.in_log)) return &known;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<Diagnosis> diagnose(const ServerReach& reach, std::uint16_t port) {
  if (reach.address.empty()) {
    return Diagnosis{fmt::format("the name {} does not resolve", reach.host),
                     fmt::format("check the name with: getent ahosts {}", reach.host)};
  }
  const auto place = reach.host == reach.address ? fmt::format("{} port {}", reach.host, port)
                                                 : fmt::format("{} ({}) port {}", reach.host, reach.address, port);
  if (reach.error == ECONNREFUSED) {
    return Diagnosis{fmt::format("nothing listens on {}", place),
                     fmt::format("check that glusterd runs on {}{}", reach.host, port_hint(port))};
  }
  if (reach.error != 0) {
    return Diagnosis{
        reach.error == ETIMEDOUT ? fmt::format("no answer from {}", place)
                                 : fmt::format("cannot reach {}: {}", place, std::strerror(reach.error)),
        fmt::format("check that {} is up and that no firewall is in between{}", reach.host, port_hint(port))};
  }
  if (!reach.answered) {
    return Diagnosis{fmt::format("{} accepts connections but does not answer", place),
                     fmt::format("see whether glusterd on {} hangs", reach.host)};
  }
  return std::nullopt;
}

Diagnosis diagnose(const MountEvidence& evidence, const std::vector<ServerReach>& servers) {
  std::vector<Diagnosis> facts;
  if (const auto* known = find_known(evidence.causes)) {
    const auto fill = [&](const char* text) {
      return fmt::format(fmt::runtime(text), evidence.volume.name(), evidence.volume.subdir());
    };
    facts.push_back({fill(known->why), fill(known->cure)});
  }
  for (const auto& server : servers) {
    if (auto fact = diagnose(server, evidence.volume.port())) facts.push_back(std::move(*fact));
  }
  const auto look_into_log = fmt::format("look into {}", evidence.log_file);
  if (facts.empty() && !evidence.causes.empty()) {
    constexpr std::ptrdiff_t most_quoted = 3;
    const auto end = evidence.causes.begin() + std::min(most_quoted, std::ssize(evidence.causes));
    facts.push_back(
        {fmt::format("the client says: {}", fmt::join(evidence.causes.begin(), end, " | ")), look_into_log});
  }
  if (facts.empty() && evidence.timed_out) facts.push_back({"it did not come up in time", look_into_log});
  if (evidence.helper_succeeded) {
    facts.push_back({facts.empty() ? "the mount helper reported success, but nothing is mounted"
                                   : "though the mount helper reported success",
                     look_into_log});
  }
  if (facts.empty()) {
    facts.push_back(
        {evidence.helper_text.empty() ? "the mount helper gave no reason" : evidence.helper_text, look_into_log});
  }
  std::vector<std::string> reasons;
  for (const auto& fact : facts) reasons.push_back(fact.why);
  return {fmt::format("{}", fmt::join(reasons, ", ")), facts.front().cure};
}

}  // namespace ganeti::gluster
