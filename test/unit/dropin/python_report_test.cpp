// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include <ganeti-gluster/dropin/python_report.hpp>

#include "test/unit/dropin/scratch_node.hpp"

using namespace ganeti::gluster;
using Catch::Matchers::Contains;
using test::ScratchNode;
using test::write_text;

TEST_CASE("Python tells which module it loads, and that stock has no error") {
  const ScratchNode node;
  const auto report = ask_python(node.tree());
  CHECK(report.module == node.tree().module());
  CHECK(report.error.empty());
  CHECK(report.library_version.empty());
  CHECK(report.seams.empty());
}

TEST_CASE("a module is taken for the tree's own as if it stood there already") {
  const ScratchNode node;
  const auto report = ask_python(node.tree(), node.paths().module);
  CHECK(report.module == node.paths().module);
  CHECK(report.error.empty());
  CHECK(node.names() == std::vector<std::string>{"__init__.py", "gluster.py"});  // nothing was compiled
}

TEST_CASE("Python tells the library's version and its seams, past whatever is printed meanwhile") {
  const ScratchNode node;
  const auto package = node.tree().path + "/ganeti_gluster";
  write_text(package + "/__init__.py", "__version__ = '7.1'\n");
  write_text(package + "/seams.py",
             "def report():\n"
             "    print('module = none')\n"
             "    return [('a.b', 'in place', ''), ('c', 'left alone', 'it takes\\nother arguments')]\n");
  write_text(node.paths().module, "from ganeti_gluster import seams\nprint('error = none')\n");
  const auto report = ask_python(node.tree(), node.paths().module);
  CHECK(report.error.empty());
  CHECK(report.library_version == "7.1");
  REQUIRE(report.seams.size() == 2);
  CHECK(report.seams[0].name == "a.b");
  CHECK(report.seams[0].state == "in place");
  CHECK(report.seams[0].detail.empty());
  CHECK(report.seams[1].detail == "it takes other arguments");
}

TEST_CASE("why the library does not work is the report's error") {
  const ScratchNode node;
  SECTION("the module says it") {
    write_text(node.tree().module(), "LOAD_ERROR = 'no\\nlibrary'\n");
    CHECK(ask_python(node.tree()).error == "no library");
  }
  SECTION("Python says it") {
    write_text(node.tree().module(), "import no_such_module\n");
    CHECK_THAT(ask_python(node.tree()).error, Contains("ModuleNotFoundError: No module named 'no_such_module'"));
  }
  SECTION("there is no such Python") {
    write_text(node.tree().path + "/ganeti-noded", "#!/nonexistent/python2 -E\n");
    CHECK(ask_python(node.tree()).error == "/nonexistent/python2 cannot be run");
  }
  SECTION("nothing says which Python it is") {
    write_text(node.tree().path + "/ganeti-noded", "binary");
    CHECK_THAT(ask_python(node.tree()).error, Contains("ganeti-noded does not say which Python runs it"));
  }
  SECTION("it takes too long") {
    write_text(node.tree().module(), "import signal\nsignal.pause()\n");
    CHECK(ask_python(node.tree(), {}, std::chrono::seconds(1)).error == "/usr/bin/python3 has not ended within 1 s");
  }
}

TEST_CASE("the interpreter gets the argument that the daemon's first line has") {
  const ScratchNode node;
  write_text(node.tree().path + "/ganeti-noded", "#! /usr/bin/python3 -Werror \n");
  write_text(node.tree().module(), "import warnings\nwarnings.warn('x')\n");
  CHECK_THAT(ask_python(node.tree()).error, Contains("UserWarning: x"));
}
