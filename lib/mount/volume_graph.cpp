// SPDX-License-Identifier: BSD-2-Clause
#include "mount/volume_graph.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <sstream>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* graph = ".meta/graphs/active/";

struct Translator {
  std::string type;
  std::size_t redundancy = 0;
  std::vector<std::string> children{};
};
using Graph = std::map<std::string, Translator>;

Graph parse(const std::string& volfile) {
  Graph found;
  std::string name;
  std::istringstream lines(volfile);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string keyword;
    std::string word;
    if (!(words >> keyword >> word)) continue;
    if (keyword == "volume") name = word;
    if (keyword == "type") found[name].type = word;
    if (keyword == "option" && word == "redundancy") words >> found[name].redundancy;
    if (keyword == "subvolumes") {
      do found[name].children.push_back(word);
      while (words >> word);
    }
  }
  return found;
}

// Whether enough bricks below a translator are there for an answer that counts.
bool is_up(const Graph& all, const std::string& name, const std::function<bool(const std::string&)>& is_connected) {
  const auto found = all.find(name);
  if (found == all.end()) return false;
  const auto& [type, redundancy, children] = found->second;
  if (type == "protocol/client") return is_connected(name);
  const auto up = static_cast<std::size_t>(std::count_if(
      children.begin(), children.end(), [&](const auto& child) { return is_up(all, child, is_connected); }));
  if (type == "cluster/replicate") return 2 * up >= children.size() && up > 0;
  if (type == "cluster/disperse") return up + redundancy >= children.size();
  return up == children.size();
}

std::string read_meta(int root, const std::string& name) {
  auto text = read_file(root, graph + name);
  if (text) return std::move(*text);
  throw ImageError(errno_code(errno), {graph + name, "cannot read what the client says of the volume", {}, {}});
}

}  // namespace

std::vector<std::string> silent_parts(const std::string& volfile,
                                      const std::function<bool(const std::string&)>& is_connected) {
  const auto all = parse(volfile);
  std::vector<std::string> silent;
  for (const auto& [name, translator] : all) {
    if (translator.type != "cluster/distribute" || translator.children.size() < 2) continue;
    for (const auto& child : translator.children) {
      if (!is_up(all, child, is_connected)) silent.push_back(child);
    }
  }
  return silent;
}

std::vector<std::string> silent_parts(int root) {
  return silent_parts(read_meta(root, "volfile"), [root](const std::string& client) {
    return read_meta(root, client + "/private").find("\nconnected = 1\n") != std::string::npos;
  });
}

}  // namespace ganeti::gluster
