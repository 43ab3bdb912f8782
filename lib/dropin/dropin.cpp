// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/dropin/dropin.hpp>

#include <cerrno>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <boost/filesystem/operations.hpp>

#include <ganeti-gluster/dropin/python_report.hpp>
#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "dropin/dpkg.hpp"
#include "dropin/module_file.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* module_name = "gluster.py";
constexpr const char* original_name = "gluster.py.ganeti-stock";

std::string installed_text(const ProgramPaths& paths) {
  auto text = read_linked_file(paths.module);
  if (text) return std::move(*text);
  throw Error(errno_code(errno),
              {paths.module, "cannot read the module of ganeti-gluster", {}, "install ganeti-gluster again"});
}

// What stands in a tree while nobody else changes it.
struct Found {
  std::optional<std::string> text;
  std::optional<std::string> original;
  std::string owner;
  std::string diverter;

  [[nodiscard]] bool is_ours() const { return text && is_our_module(*text); }
  [[nodiscard]] bool is_diverted() const { return diverter == Dpkg::our_package; }
};

Found look(const ModuleFolder& folder, const Dpkg& dpkg, const GanetiTree& tree) {
  return {folder.read(module_name), folder.read(original_name), dpkg.owner(tree.module()),
          dpkg.diverter(tree.module())};
}

// Whether somebody changed by hand what a package brought, or what we put in its place. In a tree that
// came from no package there is nothing to tell that by: what stands there is Ganeti's own.
bool is_foreign(const Found& found, const Dpkg& dpkg, const GanetiTree& tree) {
  if (!found.text || found.is_ours() || found.owner.empty()) return false;
  if (found.diverter.empty()) return dpkg.is_modified(found.owner, tree.module());
  return found.is_diverted() && found.original && found.original != found.text;
}

[[noreturn]] void refuse_foreign(const Found& found, const GanetiTree& tree) {
  const auto cure = fmt::format("keep a copy of it elsewhere, then: {}",
                                found.is_diverted() ? fmt::format("cp {} {}", tree.original(), tree.module())
                                                    : "apt-get install --reinstall " + found.owner);
  throw Error(errno_code(EEXIST), {tree.module(), "cannot put another module in its place",
                                   "it was changed by hand, which would be lost", cure});
}

[[noreturn]] void refuse_diversion(const Found& found, const GanetiTree& tree) {
  const auto who = found.diverter == "LOCAL" ? "this node's admin" : "the package " + found.diverter;
  throw Error(errno_code(EEXIST),
              {tree.module(), "cannot put another module in its place", fmt::format("{} has diverted it", who),
               "if that is not needed any more: dpkg-divert --remove " + tree.module()});
}

// dpkg leaves folders for the sake of our module.
void remove_empty_folders(const GanetiTree& tree) {
  boost::system::error_code ignored;
  for (const auto& folder :
       {tree.storage_folder() + "/__pycache__", tree.storage_folder(), tree.path + "/ganeti", tree.path}) {
    boost::filesystem::remove(folder, ignored);
  }
}

// Brings the original back and removes the diversion. @returns whether anything had to be done.
bool put_back(const ModuleFolder& folder, const Dpkg& dpkg, const GanetiTree& tree) {
  const auto found = look(folder, dpkg, tree);
  if (found.is_diverted() && is_foreign(found, dpkg, tree)) refuse_foreign(found, tree);
  if (found.is_ours() && !found.original && tree.is_installed()) {
    throw Error(errno_code(ENOENT),
                {tree.original(), "cannot put Ganeti's own module back", "it is not there any more",
                 found.owner.empty() ? "install this version of Ganeti again, then repeat this"
                                     : fmt::format("apt-get install --reinstall {}, then repeat this", found.owner)});
  }
  if (found.is_ours()) folder.forget_compiled("gluster");
  if (found.original && (found.is_ours() || !found.text)) {
    folder.move(original_name, module_name);
  } else {
    folder.remove(found.is_ours() ? module_name : original_name);  // of an older Ganeti, or a second name
  }
  folder.remove(ModuleFolder::temporary);
  if (found.is_diverted()) dpkg.undo_divert(tree.module(), tree.original());
  if (!tree.is_installed()) remove_empty_folders(tree);
  return found.is_ours() || found.original || found.is_diverted();
}

}  // namespace

std::string to_string(Backend backend) {
  switch (backend) {
    case Backend::stock:
      return "stock";
    case Backend::ours:
      return "ganeti-gluster";
    case Backend::outdated:
      return "ganeti-gluster, another version";
    case Backend::foreign:
      return "changed by hand";
    case Backend::missing:
      break;
  }
  return "missing";
}

Dropin::Dropin(GanetiTree tree, ProgramPaths paths) : tree_(std::move(tree)), paths_(std::move(paths)) {}

Backend Dropin::backend(Ask ask) const {
  const ModuleFolder folder(tree_.storage_folder(), ModuleFolder::Purpose::look);
  const auto text = folder.read(module_name);
  if (!text) return Backend::missing;
  if (is_our_module(*text)) return text == read_linked_file(paths_.module) ? Backend::ours : Backend::outdated;
  if (ask == Ask::nobody) return Backend::stock;
  const Dpkg dpkg(paths_.dpkg_admin_dir);
  return is_foreign(look(folder, dpkg, tree_), dpkg, tree_) ? Backend::foreign : Backend::stock;
}

void Dropin::require_loadable(const std::string& module) const {
  const auto report = ask_python(tree_, module);
  const auto& expected = module.empty() ? tree_.module() : module;
  const auto why = report.error.empty() && report.module != expected
                       ? fmt::format("it takes {} instead of {}", report.module, expected)
                       : report.error;
  if (why.empty()) return;
  throw Error(errno_code(ELIBACC), {tree_.path, "the node daemon's Python cannot load ganeti-gluster", why,
                                    "install ganeti-gluster again, for that Python"});
}

bool Dropin::enable() const {
  const auto wanted = installed_text(paths_);
  const Dpkg dpkg(paths_.dpkg_admin_dir);
  const ModuleFolder folder(tree_.storage_folder(), ModuleFolder::Purpose::change);
  const auto found = look(folder, dpkg, tree_);
  if (!found.diverter.empty() && !found.is_diverted()) refuse_diversion(found, tree_);
  if (is_foreign(found, dpkg, tree_)) refuse_foreign(found, tree_);
  const bool is_done = found.text == wanted && (found.owner.empty() || found.is_diverted());
  if (!is_done) {
    require_loadable(paths_.module);
    if (found.text && !found.is_ours() && found.original != found.text) folder.copy(module_name, original_name);
    if (!found.owner.empty()) dpkg.divert(tree_.module(), tree_.original());
    folder.forget_compiled("gluster");
    if (found.text != wanted) folder.write(module_name, wanted);
  }
  try {
    require_loadable({});
  } catch (const Error&) {
    if (!is_done) put_back(folder, dpkg, tree_);
    throw;
  }
  return !is_done;
}

bool Dropin::disable() const {
  return put_back(ModuleFolder(tree_.storage_folder(), ModuleFolder::Purpose::change), Dpkg(paths_.dpkg_admin_dir),
                  tree_);
}

}  // namespace ganeti::gluster
