// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>

#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <boost/filesystem/operations.hpp>

#include <ganeti-gluster/dropin/dropin.hpp>

#include "base/file.hpp"
#include "dropin/run.hpp"
#include "test/unit/base/scratch.hpp"

namespace ganeti::gluster::test {

constexpr const char* stock_text = "STOCK = True\n";
constexpr const char* our_text = "# Put in place by ganeti-gluster 7: not by hand.\nLOAD_ERROR = None\n";

inline void write_text(const std::string& path, std::string_view text) {
  make_directories(boost::filesystem::path(path).parent_path().string(), 0755);
  replace_file(AT_FDCWD, path, text);
}

inline std::string text_of(const std::string& path) { return read_file(AT_FDCWD, path).value_or("(none)"); }

/// A node with one Ganeti that is small and has Python load what the real one loads, a module of ours,
/// and a dpkg of its own that may know the package `ganeti-3.0`.
class ScratchNode {
 public:
  ScratchNode() {
    paths_.ganeti_roots = {root_.path("share/ganeti")};
    paths_.module = root_.path("share/ganeti-gluster/gluster.py");
    paths_.dpkg_admin_dir = root_.path("dpkg");
    write_text(paths_.module, our_text);
    add_tree("3.0");
  }

  [[nodiscard]] const ProgramPaths& paths() const noexcept { return paths_; }
  [[nodiscard]] std::string path(const std::string& name) const { return root_.path(name); }
  [[nodiscard]] GanetiTree tree(const std::string& version = "3.0") const {
    return {version, root_.path("share/ganeti/" + version), true};
  }
  [[nodiscard]] Dropin dropin() const { return Dropin(tree(), paths_); }

  void add_tree(const std::string& version) const {
    const auto folder = tree(version).path;
    write_text(folder + "/ganeti-noded", "#!/usr/bin/python3\n");
    for (const auto* package : {"", "/server", "/storage"})
      write_text(folder + "/ganeti" + package + "/__init__.py", "");
    write_text(folder + "/ganeti/server/noded.py", "from ganeti.storage import gluster\n");
    write_text(tree(version).module(), stock_text);
  }

  /// From now on the module is of the package ganeti-3.0, as it is now.
  void package_it() const {
    write_text(path("dpkg/status"),
               "Package: ganeti-3.0\nStatus: install ok installed\nMaintainer: nobody\nArchitecture: all\n"
               "Version: 3.0.2-3\nDescription: none\n\n");
    make_directories(path("dpkg/updates"), 0755);
    make_directories(path("dpkg/triggers"), 0755);
    const auto module = tree().module();
    write_text(path("dpkg/info/format"), "1\n");
    write_text(path("dpkg/info/ganeti-3.0.list"), "/.\n" + module + "\n");
    const auto sum = run({"/usr/bin/md5sum", module}, std::chrono::seconds(10)).output;
    write_text(path("dpkg/info/ganeti-3.0.md5sums"), sum.substr(0, 32) + "  " + module.substr(1) + "\n");
  }

  /// What a program of dpkg says of this node.
  [[nodiscard]] std::string dpkg(std::vector<std::string> argv) const {
    argv.insert(argv.begin() + 1, {"--admindir", paths_.dpkg_admin_dir});
    const auto outcome = run(std::move(argv), std::chrono::seconds(30));
    CHECK(outcome.status == 0);
    return outcome.output;
  }
  [[nodiscard]] std::string diverter() const {
    return dpkg({"/usr/bin/dpkg-divert", "--listpackage", tree().module()});
  }

  /// The names in the module's folder.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : boost::filesystem::directory_iterator(tree().storage_folder())) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  Scratch root_;
  ProgramPaths paths_;
};

}  // namespace ganeti::gluster::test
