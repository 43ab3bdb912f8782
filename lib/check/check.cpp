// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/check/check.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <ctime>

#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/version.hpp>

#include "check/check_context.hpp"

namespace ganeti::gluster {
namespace {

struct Probe {
  const char* name;
  void (*look)(CheckContext&);
  bool is_base = false;  // without it no later one has anything to look at
};

constexpr Probe probes[] = {{"namespace", look_at_namespace, true},
                            {"settings", look_at_settings, true},
                            {"storage_dir", look_at_storage_dir},
                            {"mount", look_at_mount, true},
                            {"bare_directory", look_below_mount},
                            {"holds", look_at_holds},
                            {"client", look_at_client},
                            {"backend", look_at_backend},
                            {"servers", look_at_servers},
                            {"volume", look_at_volume},
                            {"images", look_at_images}};

std::chrono::microseconds since(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
}

ProbeRun run(const Probe& probe, CheckContext& context) {
  ProbeRun done{probe.name, true, std::chrono::microseconds(0), {}};
  const auto begin = Clock::now();
  const auto before = context.report.findings.size();
  try {
    probe.look(context);
  } catch (const std::exception& error) {
    done.success = false;
    done.detail = error.what();
  }
  auto& findings = context.report.findings;
  for (auto i = before; i < findings.size(); ++i) findings[i].probe = probe.name;
  done.duration = since(begin);
  return done;
}

std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace

Finding make_finding(const char* code, std::string evidence, std::string cure) {
  Finding finding;
  finding.code = code;
  finding.severity = find_finding_kind(code)->severity;
  finding.evidence = std::move(evidence);
  finding.cure = std::move(cure);
  return finding;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 3;
  const auto shown = std::min(names.size(), most);
  auto text = fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

Finding& CheckContext::add(const char* code, std::string evidence, std::string cure) {
  return report.findings.emplace_back(make_finding(code, std::move(evidence), std::move(cure)));
}

Finding& CheckContext::add(const char* code, std::string evidence, std::string cure, std::vector<std::string> objects) {
  auto& finding = add(code, std::move(evidence), std::move(cure));
  constexpr std::size_t most_objects = 100;  // more help nobody, and files may be stray in thousands
  finding.extent = objects.size();
  objects.resize(std::min(objects.size(), most_objects));
  finding.objects = std::move(objects);
  return finding;
}

CheckReport report_frame(const CheckOptions& options) {
  CheckReport frame;
  frame.time = std::time(nullptr);
  frame.version = GANETI_GLUSTER_VERSION;
  frame.node = host_name();
  frame.storage_dir = options.storage_dir;
  try {
    if (frame.storage_dir.empty()) frame.storage_dir = configured_storage_dir(options.paths);
  } catch (const Error&) {  // which the check itself will tell
  }
  return frame;
}

CheckReport check_node(const CheckOptions& options, const ProbeBegins& at) {
  auto report = report_frame(options);
  const auto begin = Clock::now();
  CheckContext context{options, report, Deadline::in(options.limit)};
  const char* missing = nullptr;
  for (const auto& probe : probes) {
    if (missing != nullptr) {
      report.probes.push_back(
          {probe.name, false, std::chrono::microseconds(0), std::string("not reached: ") + missing});
      continue;
    }
    at(probe.name, report);
    report.probes.push_back(run(probe, context));
    if (probe.is_base && !report.probes.back().success) missing = probe.name;
  }
  give_back_mount(context);
  report.sort_findings();
  report.duration = since(begin);
  return report;
}

}  // namespace ganeti::gluster
