// SPDX-License-Identifier: BSD-2-Clause
#include "journal_entry.hpp"

#include <algorithm>

#include <syslog.h>

#include <fmt/format.h>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace ganeti::gluster::tool {
namespace {

// Made once by chance; never to be changed.
constexpr const char* id_namespace = "a994d462-c8f7-44a2-ace4-f0bf9f176764";

int priority(const Transition& transition) {
  if (transition.kind == Transition::Kind::cleared) return LOG_NOTICE;
  return transition.finding.severity == Severity::critical ? LOG_CRIT : LOG_WARNING;
}

std::string message(const CheckReport& report, const Transition& transition) {
  const auto& finding = transition.finding;
  if (transition.kind == Transition::Kind::cleared) {
    return fmt::format("{} cleared on {} after {} s", finding.code, report.storage_dir, report.time - finding.since);
  }
  return fmt::format("{} {} on {}: {}", finding.code, to_string(transition.kind), report.storage_dir, finding.evidence);
}

}  // namespace

std::string message_id(const std::string& code) {
  const boost::uuids::name_generator_sha1 generate(boost::uuids::string_generator()(id_namespace));
  auto text = to_string(generate(code));
  std::erase(text, '-');
  return text;
}

std::vector<std::string> journal_fields(const CheckReport& report, const Transition& transition) {
  const auto& finding = transition.finding;
  return {"MESSAGE=" + message(report, transition),
          "MESSAGE_ID=" + message_id(finding.code),
          fmt::format("PRIORITY={}", priority(transition)),
          "SYSLOG_IDENTIFIER=gluster-mount-check",
          "GANETI_GLUSTER_FINDING=" + finding.code,
          "GANETI_GLUSTER_TRANSITION=" + to_string(transition.kind),
          "GANETI_GLUSTER_SEVERITY=" + to_string(finding.severity),
          fmt::format("GANETI_GLUSTER_INSTANCES={}", fmt::join(finding.instances, " ")),
          "GANETI_GLUSTER_CURE=" + finding.cure,
          fmt::format("GANETI_GLUSTER_MUTED={}", finding.mute ? 1 : 0),
          "GANETI_GLUSTER_STORAGE_DIR=" + report.storage_dir,
          "GANETI_GLUSTER_VOLUME=" + report.volume};
}

}  // namespace ganeti::gluster::tool
