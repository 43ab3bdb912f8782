// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <string>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/bounded.hpp>
#include <ganeti-gluster/mount/namespace.hpp>
#include <ganeti-gluster/version.hpp>

#include "age.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "printable.hpp"
#include "redact.hpp"
#include "report_parts.hpp"

namespace ganeti::gluster::tool {
namespace {

const std::vector<std::string> left_out{
    "Left out: private keys and certificates, Ganeti's configuration and passwords, contents of disks.",
    "*** stands for what looks like user data in a URI, a password, a secret or a token.",
    "Names of hosts, volumes and instances, addresses and paths are as they are: look through it",
    "before you pass it on."};

Json redacted_json(const Json& json) {
  if (json.is_string()) return redact(json.get<std::string>());
  if (!json.is_structured()) return json;
  auto result = json.is_array() ? Json::array() : Json::object();
  for (const auto& [key, value] : json.items()) {
    if (json.is_array()) {
      result.push_back(redacted_json(value));
    } else {
      result[key] = redacted_json(value);
    }
  }
  return result;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

// What could be found out, or why not: never both.
Json make(const ReportPart& part, const Options& options) {
  Json json{{"data", nullptr}, {"error", nullptr}};
  try {
    json["data"] = Json::parse(run_bounded([&] { return dump(redacted_json(part.make(options))); }, part.limit));
  } catch (const Error& error) {
    json["error"] = redact(error.text().why);
  } catch (const Json::exception&) {  // it was cut
    json["error"] = "it is too long";
  }
  return json;
}

Json make_report(const Options& options) {
  std::string hostname(HOST_NAME_MAX + 1, '\0');
  gethostname(hostname.data(), hostname.size() - 1);
  Json json;
  json["host"] = hostname.c_str();
  json["time"] = format_time(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  json["ganeti_gluster"] = GANETI_GLUSTER_VERSION;
  json["left_out"] = left_out;
  json["namespace_error"] = nullptr;
  try {
    enter_node_namespace(options.paths);
  } catch (const Error& error) {  // then it tells of what this process sees
    json["namespace_error"] = error.what();
  }
  json["parts"] = Json::object();
  for (const auto& part : report_parts()) json["parts"][part.name] = make(part, options);
  return json;
}

std::string text_of(const Json& value) { return printable(value.is_string() ? value.get<std::string>() : dump(value)); }

// An element or a member a line; lists and objects within are indented, and one line each if they are of a list.
void print_value(const Json& value, int indent) {
  const auto print_line = [indent](const std::string& text) { fmt::print("{:{}}{}\n", "", indent, text); };
  if (value.is_null() || value.empty()) return print_line("none");
  if (!value.is_structured()) return print_line(text_of(value));
  for (const auto& [key, member] : value.items()) {
    if (value.is_array()) {
      print_line(text_of(member));
    } else if (member.is_structured() && !member.empty()) {
      print_line(printable(key) + ":");
      print_value(member, indent + 2);
    } else {
      const bool is_nothing = member.is_null() || member.is_structured();
      print_line(fmt::format("{}: {}", printable(key), is_nothing ? "-" : text_of(member)));
    }
  }
}

void print_for_people(const Json& report) {
  fmt::print("ganeti-gluster {} on {}, {}\n\n{}\n", text_of(report["ganeti_gluster"]), text_of(report["host"]),
             text_of(report["time"]), fmt::join(left_out, "\n"));
  if (!report["namespace_error"].is_null()) {
    fmt::print("\nNOT THE NODE DAEMON'S MOUNTS: {}\n", text_of(report["namespace_error"]));
  }
  for (const auto& [name, part] : report["parts"].items()) {
    fmt::print("\n== {} ==\n", name);
    if (part["error"].is_null()) {
      print_value(part["data"], 0);
    } else {
      fmt::print("NOT TOLD: {}\n", text_of(part["error"]));
    }
  }
}

int report(const Options& options) {
  auto json = make_report(options);
  if (options.json) {
    print_json(std::move(json));
  } else {
    print_for_people(json);
  }
  return 0;
}

}  // namespace

void add_report(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("report", "Collect what support needs to see of this node, without secrets");
  add_common_options(*command, options);
  command->footer(
      "Changes nothing, and answers in time even if the mount hangs. What cannot be told is\n"
      "named with the reason; the exit status is 0 all the same.\n"
      "Example:\n"
      "  ganeti-gluster report > report.txt");
  command->callback([&action] { action = report; });
}

}  // namespace ganeti::gluster::tool
