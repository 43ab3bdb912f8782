// SPDX-License-Identifier: BSD-2-Clause
#include "report_parts.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include <ganeti-gluster/dropin/ganeti_tree.hpp>
#include <ganeti-gluster/storage/evidence.hpp>

#include "status_dropin.hpp"
#include "status_json.hpp"
#include "status_usage.hpp"

namespace ganeti::gluster::tool {
namespace {

using std::chrono::seconds;

constexpr std::size_t most_log_lines = 200;
// For what reads files of the node alone.
constexpr seconds files_limit{10};

// Null if there is no such file, which is no mistake on a machine without Ganeti.
Json lines_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) return nullptr;
  auto lines = Json::array();
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

Json versions(const Options&) {
  const auto found = software_versions();
  auto trees = Json::array();
  for (const auto& tree : find_ganeti_trees({})) {
    trees.push_back({{"version", tree.version}, {"path", tree.path}, {"in_force", tree.in_force}});
  }
  return {{"ganeti_gluster", found.library},
          {"ganeti", std::move(trees)},
          {"glusterfs", found.glusterfs},
          {"libmount", found.libmount},
          {"kernel", found.kernel}};
}

// Those that have to do with us. config.data, the certificates and the keys beside them are never opened.
Json ganeti_files(const Options& options) {
  Json json;
  for (const auto* name : {"cluster_name", "release_version", "gluster_storage_dir", "hypervisor_list"}) {
    const auto path = fmt::format("{}/ssconf_{}", options.paths.ganeti_data_dir, name);
    json[path] = lines_of(path);
  }
  json[options.paths.file_storage_paths_file] = lines_of(options.paths.file_storage_paths_file);
  return json;
}

Json list_of(const std::vector<SettingInForce>& in_force) {
  auto json = Json::array();
  for (const auto& one : in_force) {
    json.push_back({{"key", one.key}, {"value", one.value}, {"origin", one.origin}});
  }
  return json;
}

Json settings(const Options& options) {
  const auto found = Settings::load(options.paths.settings_file);
  Json json{{"settings_file", options.paths.settings_file}, {"settings", list_of(found.in_force(std::nullopt))}};
  json["volumes"] = Json::object();
  for (const auto& name : found.volumes()) json["volumes"][name] = list_of(found.in_force(name));
  return json;
}

Json mount_status(const Options& options) {
  const auto status = Node(options).mounter.status();
  return to_json(status);
}

Json backend_status(const Options& options) { return to_json(dropin_status({}, options.paths)); }

Json space(const Options& options) {
  const Node node(options);
  return to_json(usage_status(node, node.mounter.status()));
}

// The rest needs a storage dir and no settings: a mistake in these must not hide what is mounted.
Mounter without_settings(const Options& options) { return Mounter(options.storage_dir_in_force(), {}, options.paths); }

Json used_volumes(const Options& options) {
  auto json = Json::array();
  for (const auto& volume : without_settings(options).used_volumes()) json.push_back(volume.to_string());
  return json;
}

Json mounts(const Options& options) { return mount_lines(without_settings(options)); }

Json processes(const Options& options) {
  auto json = Json::array();
  for (const auto& process : gluster_processes(without_settings(options))) json.push_back(process_json(process));
  return json;
}

Json logs(const Options& options) {
  Json json;
  for (const auto& [path, lines] : log_tails(without_settings(options), most_log_lines)) json[path] = lines;
  return json;
}

}  // namespace

const std::vector<ReportPart>& report_parts() {
  static const std::vector<ReportPart> parts{
      {"versions", files_limit, versions},         {"ganeti_files", files_limit, ganeti_files},
      {"settings", files_limit, settings},         {"status", seconds(30), mount_status},
      {"backend", seconds(30), backend_status},    {"space", seconds(30), space},
      {"used_volumes", files_limit, used_volumes}, {"mounts", files_limit, mounts},
      {"processes", files_limit, processes},       {"logs", files_limit, logs},
  };
  return parts;
}

}  // namespace ganeti::gluster::tool
