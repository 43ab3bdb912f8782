// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/settings/settings.hpp>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "settings/keys.hpp"
#include "settings/mistake.hpp"
#include "settings/read_toml.hpp"
#include "volume/volume_name.hpp"

namespace ganeti::gluster {
namespace {

std::string read_settings(const std::string& file) {
  if (auto content = read_linked_file(file)) return *content;
  const int error = errno;
  if (error == ENOENT) return {};
  throw SettingsError(errno_code(error), {file, "cannot read settings", {}, "see that root can read it"});
}

[[noreturn]] void refuse_key(const std::string& file, const TomlEntry& entry) {
  std::vector<std::string_view> names;
  for (const auto& key : setting_keys()) names.push_back(key.name);
  throw_mistake(file, entry.line, fmt::format("key \"{}\" is not known", entry.key()),
                fmt::format("known are default_volume and, in [all] and [volume.NAME], {}", fmt::join(names, ", ")));
}

void check_kind(const std::string& file, const TomlEntry& entry, TomlKind kind, const char* example) {
  if (entry.kind == kind) return;
  throw_mistake(file, entry.line, fmt::format("key \"{}\" cannot be of type {}", entry.key(), entry.type),
                fmt::format("write it like {}", example));
}

// Runs what reads a value, and gives its error the place and the key.
template <typename Read>
void read_value(const std::string& file, const TomlEntry& entry, const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    const auto& text = error.text();
    throw_mistake(file, entry.line, fmt::format("key \"{}\" has {}: {}", entry.key(), text.subject, text.why),
                  text.cure);
  }
}

}  // namespace

Settings Settings::load(const std::string& file) {
  Settings settings;
  settings.file_ = file;
  for (const auto& entry : read_toml(read_settings(file), file)) settings.read(entry);
  settings.check_servers(settings.all_, {});
  for (const auto& [name, section] : settings.by_volume_) settings.check_servers(section, name);
  return settings;
}

void Settings::read(const TomlEntry& entry) {
  const auto& path = entry.path;
  if (path.front() == "all") {
    if (path.size() == 1) return check_kind(file_, entry, TomlKind::table, "[all]");
    return read_into(all_, entry);
  }
  if (path.front() == "volume") {
    if (path.size() < 3) check_kind(file_, entry, TomlKind::table, "[volume.NAME]");
    if (path.size() == 1) return;
    if (path.size() > 2) return read_into(by_volume_[path[1]], entry);
    read_value(file_, entry, [&] { by_volume_.try_emplace(checked_volume_name(path[1])); });
    return;
  }
  if (path.front() != "default_volume") refuse_key(file_, entry);
  check_kind(file_, entry, TomlKind::text, R"("node1,node2:/gv0")");
  read_value(file_, entry, [&] { default_volume_ = GlusterVolume::parse(entry.items.front()); });
  default_volume_line_ = entry.line;
}

void Settings::read_into(Section& section, const TomlEntry& entry) const {
  const auto& name = entry.path.back();
  const auto* key = find_key(name);
  if (key == nullptr) refuse_key(file_, entry);
  check_kind(file_, entry, key->kind, key->example);
  VolumeSettings scratch;
  read_value(file_, entry, [&] { key->set(scratch, entry.items); });
  section[name] = {entry.items, entry.line};
}

void Settings::check_servers(const Section& section, const std::string& name) const {
  auto place = section.find("servers");
  if (place == section.end()) place = section.find("transport");
  if (place == section.end()) return;
  const auto settings = for_volume(name);
  const bool has_path = std::any_of(settings.servers.begin(), settings.servers.end(),
                                    [](const std::string& server) { return server.front() == '/'; });
  if (settings.transport == Transport::tcp && has_path) {
    throw_mistake(file_, place->second.line, "key \"servers\" has a socket's path, but transport is tcp",
                  "set transport = \"unix\", or give host names or addresses");
  }
  if (settings.transport == Transport::unix_socket && !settings.servers.empty() &&
      (!has_path || settings.servers.size() > 1)) {
    throw_mistake(file_, place->second.line, "key \"servers\" has more or other than one socket's path",
                  R"(with transport = "unix" write it like ["/var/run/glusterd.socket"])");
  }
}

VolumeSettings Settings::for_volume(const std::string& name) const {
  VolumeSettings settings;
  const auto apply = [&settings](const Section& section) {
    for (const auto& [key, value] : section) find_key(key)->set(settings, value.items);
  };
  apply(all_);
  if (const auto found = by_volume_.find(name); found != by_volume_.end()) apply(found->second);
  return settings;
}

std::vector<SettingInForce> Settings::in_force(const std::optional<std::string>& volume) const {
  std::vector<SettingInForce> list;
  const auto place = [this](int line) { return fmt::format("{}:{}", file_, line); };
  if (!volume) {
    list.push_back(default_volume_
                       ? SettingInForce{"default_volume", default_volume_->to_string(), place(default_volume_line_)}
                       : SettingInForce{"default_volume", "", "default"});
  }
  const auto own = volume ? by_volume_.find(*volume) : by_volume_.end();
  const auto settings = for_volume(volume.value_or(""));
  for (const auto& key : setting_keys()) {
    const std::string name(key.name);
    std::string origin = "default";
    if (const auto found = all_.find(name); found != all_.end()) origin = place(found->second.line);
    if (own != by_volume_.end()) {
      if (const auto found = own->second.find(name); found != own->second.end()) origin = place(found->second.line);
    }
    list.push_back({name, key.print(settings), origin});
  }
  return list;
}

std::vector<std::string> Settings::volumes() const {
  std::vector<std::string> names;
  for (const auto& [name, section] : by_volume_) names.push_back(name);
  return names;
}

}  // namespace ganeti::gluster
