// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/dropin/ganeti_tree.hpp>

#include <algorithm>

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include "installed.hpp"

namespace ganeti::gluster {
namespace {

namespace fs = boost::filesystem;

// Nothing that cannot be looked at is a tree.
std::vector<fs::path> folders_below(const std::string& root) {
  std::vector<fs::path> folders;
  boost::system::error_code error;
  fs::directory_iterator entry(root, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    boost::system::error_code ignored;
    if (fs::symlink_status(entry->path(), ignored).type() == fs::directory_file) folders.push_back(entry->path());
  }
  return folders;
}

}  // namespace

std::string installed_module() { return GANETI_GLUSTER_DATADIR "/ganeti-gluster/gluster.py"; }

std::string GanetiTree::daemon_util() const {
  // PREFIX/share/ganeti/VERSION and PREFIX/lib/ganeti: Ganeti's pathutils has it below the latter.
  const auto prefix = fs::path(path).parent_path().parent_path().parent_path();
  return (prefix / "lib/ganeti/daemon-util").string();
}

bool GanetiTree::is_installed() const {
  boost::system::error_code ignored;
  return fs::exists(path + "/ganeti/__init__.py", ignored);
}

std::vector<GanetiTree> find_ganeti_trees(const ProgramPaths& paths) {
  std::vector<GanetiTree> trees;
  bool has_default = false;
  for (const auto& root : paths.ganeti_roots) {
    boost::system::error_code error;
    const auto in_force = fs::canonical(root + "/default", error);
    has_default = has_default || !error;
    for (const auto& folder : folders_below(root)) {
      GanetiTree tree{folder.filename().string(), folder.string(), false};
      boost::system::error_code ignored;
      if (!fs::exists(tree.module(), ignored) && !fs::exists(tree.original(), ignored)) continue;
      tree.in_force = !error && fs::canonical(folder, ignored) == in_force;
      trees.push_back(tree);
    }
  }
  if (!has_default && trees.size() == 1) trees.front().in_force = true;
  std::sort(trees.begin(), trees.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return trees;
}

}  // namespace ganeti::gluster
