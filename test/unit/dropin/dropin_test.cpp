// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <functional>
#include <system_error>

#include <sys/file.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/unique_fd.hpp"
#include "dropin/dpkg.hpp"
#include "test/unit/dropin/scratch_node.hpp"

using namespace ganeti::gluster;
using test::our_text;
using test::ScratchNode;
using test::stock_text;
using test::text_of;
using test::write_text;

namespace {

using Names = std::vector<std::string>;

const Names names_of_stock{"__init__.py", "gluster.py"};
const Names names_of_ours{"__init__.py", "gluster.py", "gluster.py.ganeti-stock"};

// The errno with which it was refused, 0 if it was not; what stands in the folder does not change.
int refusal(const ScratchNode& node, const std::function<void()>& work) {
  const auto text = text_of(node.tree().module());
  const auto original = text_of(node.tree().original());
  int number = 0;
  try {
    work();
  } catch (const Error& error) {
    INFO(error.what());
    CHECK(error.code().category() == std::generic_category());
    CHECK_FALSE(error.text().cure.empty());
    number = error.code().value();
  }
  CHECK(text_of(node.tree().module()) == text);
  CHECK(text_of(node.tree().original()) == original);
  return number;
}

void divert(const ScratchNode& node, const std::string& package) {
  static_cast<void>(node.dpkg({"/usr/bin/dpkg-divert", "--no-rename", "--package", package, "--divert",
                               node.tree().original(), "--add", node.tree().module()}));
}

void check_enabled(const ScratchNode& node) {
  CHECK(node.dropin().backend() == Backend::ours);
  CHECK(text_of(node.tree().module()) == our_text);
  CHECK(text_of(node.tree().original()) == stock_text);
  CHECK(node.names() == names_of_ours);
}

void check_disabled(const ScratchNode& node) {
  CHECK(node.dropin().backend() == Backend::stock);
  CHECK(text_of(node.tree().module()) == stock_text);
  CHECK(node.names() == names_of_stock);
}

}  // namespace

TEST_CASE("our module is put in place of a package's, diverted in our name, and taken away again") {
  const ScratchNode node;
  node.package_it();
  CHECK(node.dropin().enable());
  check_enabled(node);
  CHECK(node.diverter() == "ganeti-gluster\n");
  CHECK_FALSE(node.dropin().enable());
  check_enabled(node);

  CHECK(node.dropin().disable());
  check_disabled(node);
  CHECK(node.diverter().empty());
  CHECK(node.dpkg({"/usr/bin/dpkg", "--verify", "ganeti-3.0"}).empty());
  CHECK_FALSE(node.dropin().disable());
  check_disabled(node);
}

TEST_CASE("a Ganeti that came from no package needs no dpkg") {
  const ScratchNode node;
  CHECK(node.dropin().enable());
  check_enabled(node);
  CHECK_FALSE(node.dropin().enable());
  CHECK(node.dropin().disable());
  check_disabled(node);
  CHECK_FALSE(boost::filesystem::exists(node.paths().dpkg_admin_dir));
}

TEST_CASE("a switch that was killed is completed, and undone from wherever it got to") {
  const ScratchNode node;
  node.package_it();
  const auto tree = node.tree();
  const int steps = GENERATE(1, 2, 3, 4);
  CAPTURE(steps);
  REQUIRE(link(tree.module().c_str(), tree.original().c_str()) == 0);
  if (steps > 1) divert(node, "ganeti-gluster");
  if (steps > 2) write_text(tree.storage_folder() + "/.gluster.py.ganeti-gluster", "# Put in");
  if (steps > 3) REQUIRE(unlink(tree.original().c_str()) == 0);  // on the way back
  SECTION("forwards") {
    CHECK(node.dropin().enable());
    check_enabled(node);
    CHECK(node.diverter() == "ganeti-gluster\n");
  }
  SECTION("backwards") {
    CHECK(node.dropin().disable());
    check_disabled(node);
    CHECK(node.diverter().empty());
  }
}

TEST_CASE("what Python compiled of the other module is taken away") {
  const ScratchNode node;
  const auto cache = node.tree().storage_folder() + "/__pycache__/";
  const auto compile = [&] {
    write_text(cache + "gluster.cpython-311.pyc", "");
    write_text(cache + "glusterfs.cpython-311.pyc", "");
  };
  const auto check = [&] {
    CHECK_FALSE(boost::filesystem::exists(cache + "gluster.cpython-311.pyc"));
    CHECK(boost::filesystem::exists(cache + "glusterfs.cpython-311.pyc"));
  };
  compile();
  node.dropin().enable();
  check();
  compile();
  node.dropin().disable();
  check();
}

TEST_CASE("a package's module that was changed by hand is refused and stays") {
  const ScratchNode node;
  node.package_it();
  write_text(node.tree().module(), "EDITED = True\n");
  CHECK(node.dropin().backend() == Backend::foreign);
  CHECK(refusal(node, [&] { node.dropin().enable(); }) == EEXIST);
  CHECK(node.diverter().empty());
  CHECK_FALSE(node.dropin().disable());
  CHECK(text_of(node.tree().module()) == "EDITED = True\n");
}

TEST_CASE("what somebody put in place of our module is refused in both directions") {
  const ScratchNode node;
  node.package_it();
  node.dropin().enable();
  write_text(node.tree().module(), "EDITED = True\n");
  CHECK(node.dropin().backend() == Backend::foreign);
  CHECK(refusal(node, [&] { node.dropin().enable(); }) == EEXIST);
  CHECK(refusal(node, [&] { node.dropin().disable(); }) == EEXIST);
  write_text(node.tree().module(), stock_text);  // what the refusal says
  CHECK(node.dropin().backend() == Backend::stock);
  CHECK(node.dropin().enable());
  check_enabled(node);
}

TEST_CASE("a module that somebody else has diverted is refused") {
  const ScratchNode node;
  node.package_it();
  divert(node, "other");
  CHECK(refusal(node, [&] { node.dropin().enable(); }) == EEXIST);
  CHECK_FALSE(node.dropin().disable());
  CHECK(node.diverter() == "other\n");
}

TEST_CASE("a package's module that this node's admin has diverted still is the package's") {
  const ScratchNode node;
  node.package_it();
  static_cast<void>(node.dpkg({"/usr/bin/dpkg-divert", "--no-rename", "--local", "--divert", node.path("elsewhere.py"),
                               "--add", node.tree().module()}));
  CHECK(Dpkg(node.paths().dpkg_admin_dir).owner(node.tree().module()) == "ganeti-3.0");
  CHECK(refusal(node, [&] { node.dropin().enable(); }) == EEXIST);
}

TEST_CASE("our module of another version is seen and replaced") {
  const ScratchNode node;
  node.dropin().enable();
  write_text(node.tree().module(), "# Put in place by ganeti-gluster 6: not by hand.\nLOAD_ERROR = None\n");
  CHECK(node.dropin().backend() == Backend::outdated);
  CHECK(node.dropin().enable());
  check_enabled(node);
}

TEST_CASE("what a new Ganeti wrote over our module is the new original") {
  const ScratchNode node;
  node.dropin().enable();
  write_text(node.tree().module(), "STOCK = 2\n");
  CHECK(node.dropin().backend() == Backend::stock);
  SECTION("forwards") {
    CHECK(node.dropin().enable());
    CHECK(text_of(node.tree().original()) == "STOCK = 2\n");
    CHECK(node.dropin().disable());
  }
  SECTION("backwards") { CHECK(node.dropin().disable()); }
  CHECK(text_of(node.tree().module()) == "STOCK = 2\n");
  CHECK(node.names() == names_of_stock);
}

TEST_CASE("a package installed anew before the diversion was made brings the new original") {
  const ScratchNode node;
  REQUIRE(link(node.tree().module().c_str(), node.tree().original().c_str()) == 0);
  write_text(node.tree().module(), "STOCK = 2\n");
  node.package_it();
  CHECK(node.dropin().enable());
  CHECK(text_of(node.tree().original()) == "STOCK = 2\n");
}

TEST_CASE("nothing is changed if the daemon's Python cannot load the library") {
  const ScratchNode node;
  node.package_it();
  write_text(node.paths().module, "# Put in place by ganeti-gluster 8\nLOAD_ERROR = 'no library'\n");
  CHECK(refusal(node, [&] { node.dropin().enable(); }) == ELIBACC);
  check_disabled(node);
  CHECK(node.diverter().empty());
}

TEST_CASE("everything is put back if Python cannot load our module from its place") {
  const ScratchNode node;
  node.package_it();
  write_text(node.paths().module,
             "# Put in place by ganeti-gluster 8\n"
             "LOAD_ERROR = None if 'share/ganeti-gluster' in __file__ else 'not from here'\n");
  CHECK(refusal(node, [&] { node.dropin().enable(); }) == ELIBACC);
  check_disabled(node);
  CHECK(node.diverter().empty());
}

TEST_CASE("without the installed module nothing is changed, and what is in place can be taken away") {
  const ScratchNode node;
  node.dropin().enable();
  REQUIRE(unlink(node.paths().module.c_str()) == 0);
  CHECK(node.dropin().backend() == Backend::outdated);
  CHECK(refusal(node, [&] { node.dropin().enable(); }) == ENOENT);
  CHECK(node.dropin().disable());
  CHECK(text_of(node.tree().module()) == stock_text);
}

TEST_CASE("without the original our module stays, until the package has brought it again") {
  const ScratchNode node;
  node.package_it();
  node.dropin().enable();
  REQUIRE(unlink(node.tree().original().c_str()) == 0);
  CHECK(refusal(node, [&] { node.dropin().disable(); }) == ENOENT);
  write_text(node.tree().original(), stock_text);  // where dpkg unpacks what is diverted
  CHECK(node.dropin().disable());
  check_disabled(node);
}

TEST_CASE("of a Ganeti that was removed meanwhile our module is taken away") {
  const ScratchNode node;
  node.package_it();
  node.dropin().enable();
  REQUIRE(unlink(node.tree().original().c_str()) == 0);
  REQUIRE(unlink((node.tree().path + "/ganeti/__init__.py").c_str()) == 0);
  CHECK(node.dropin().disable());
  CHECK(node.names() == Names{"__init__.py"});
  CHECK(node.diverter().empty());
  CHECK(node.dropin().backend() == Backend::missing);
}

TEST_CASE("the folders that our module alone kept of a removed Ganeti go with it") {
  const ScratchNode node;
  node.package_it();
  node.dropin().enable();
  for (const auto* name : {"ganeti-noded", "ganeti/__init__.py", "ganeti/server", "ganeti/storage/__init__.py",
                           "ganeti/storage/gluster.py.ganeti-stock"}) {
    CHECK(boost::filesystem::remove_all(node.tree().path + "/" + name) > 0);
  }
  CHECK_FALSE(node.tree().is_installed());
  CHECK(node.dropin().disable());
  CHECK_FALSE(boost::filesystem::exists(node.tree().path));
  CHECK(node.diverter().empty());
}

TEST_CASE("one process at a time switches a tree") {
  const ScratchNode node;
  const UniqueFd folder(open(node.tree().storage_folder().c_str(), O_RDONLY | O_CLOEXEC));
  REQUIRE(flock(folder.get(), LOCK_EX) == 0);
  CHECK(refusal(node, [&] { node.dropin().enable(); }) == EBUSY);
  CHECK(refusal(node, [&] { node.dropin().disable(); }) == EBUSY);
  CHECK(node.dropin().backend() == Backend::stock);
}
