// SPDX-License-Identifier: BSD-2-Clause
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <ganeti-gluster/dropin/status.hpp>

#include "base/child.hpp"
#include "base/process.hpp"
#include "test/unit/dropin/scratch_node.hpp"

using namespace ganeti::gluster;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using test::Scratch;
using test::ScratchNode;
using test::write_text;

namespace {

// A process that looks like the node daemon and has a file in its memory.
Child start_daemon(const std::string& mapped) {
  auto child = Child::start({}, exec_body({"/usr/bin/python3", "-c",
                                           "import mmap, signal, sys\n"
                                           "file = open(sys.argv[1])\n"
                                           "keep = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)\n"
                                           "print('ready', flush=True)\n"
                                           "signal.pause()\n",
                                           mapped, "ganeti-noded"}));
  while (child.output().empty()) REQUIRE_FALSE(child.wait(Deadline::in(std::chrono::milliseconds(20))));
  return child;
}

NodePaths with_pid(const Scratch& dir, const std::string& pid) {
  NodePaths paths;
  paths.noded_pid_file = dir.path("noded.pid");
  write_text(paths.noded_pid_file, pid + "\n");
  return paths;
}

std::string next(Backend backend, Loaded loaded, const std::string& error = {}) {
  const DropinStatus status{{{{"3.0", "/usr/share/ganeti/3.0", true}, backend, {{}, {}, {}, error}}}, {5, loaded}};
  CHECK(status.is_broken() == !error.empty());
  return status.next();
}

}  // namespace

TEST_CASE("what the node daemon has loaded is seen in its memory, also after the file was replaced") {
  const Scratch dir;
  const auto library = dir.path("ganeti_gluster/_native.cpython-311-x86_64-linux-gnu.so");
  write_text(library, "library");
  const auto daemon = start_daemon(library);
  const auto paths = with_pid(dir, std::to_string(daemon.pid()));
  CHECK(look_at_node_daemon(paths).pid == daemon.pid());
  CHECK(look_at_node_daemon(paths).loaded == Loaded::yes);
  write_text(library, "another");
  CHECK(look_at_node_daemon(paths).loaded == Loaded::replaced);
}

TEST_CASE("a node daemon without our library is told from one that does not run") {
  const Scratch dir;
  const auto other = dir.path("other.so");
  write_text(other, "library");
  const auto daemon = start_daemon(other);
  CHECK(look_at_node_daemon(with_pid(dir, std::to_string(daemon.pid()))).loaded == Loaded::no);
  CHECK(look_at_node_daemon(with_pid(dir, std::to_string(getpid()))).loaded == Loaded::no_daemon);
  CHECK(look_at_node_daemon(with_pid(dir, "none")).loaded == Loaded::no_daemon);
  CHECK(look_at_node_daemon({}).pid == 0);
}

TEST_CASE("the next step is what is missing, and nothing once all is done") {
  CHECK(next(Backend::ours, Loaded::yes).empty());
  CHECK(next(Backend::ours, Loaded::no_daemon).empty());
  CHECK_THAT(next(Backend::ours, Loaded::no),
             StartsWith("restart the node daemon, which does not use ganeti-gluster yet: /usr/lib/ganeti/daemon-util"));
  CHECK_THAT(next(Backend::ours, Loaded::replaced), StartsWith("restart") && Contains("older"));
  CHECK_THAT(next(Backend::ours, Loaded::yes, "no library"), StartsWith("install ganeti-gluster again"));
  CHECK_THAT(next(Backend::outdated, Loaded::yes), Contains(": ganeti-gluster enable"));
  CHECK_THAT(next(Backend::stock, Loaded::no), Contains(": ganeti-gluster enable"));
  CHECK_THAT(next(Backend::stock, Loaded::yes), StartsWith("to go back") && Contains("restart the node daemon"));
  CHECK_THAT(next(Backend::foreign, Loaded::no), Contains("/usr/share/ganeti/3.0/ganeti/storage/gluster.py"));
  CHECK(DropinStatus{}.next().empty());
}

TEST_CASE("the status of a node tells each version and asks Python where the module is ours") {
  const ScratchNode node;
  node.add_tree("3.1");
  node.dropin().enable();
  NodePaths paths;
  paths.noded_pid_file = node.path("none");
  const auto status = dropin_status(node.paths(), paths);
  REQUIRE(status.trees.size() == 2);
  CHECK(status.trees[0].backend == Backend::ours);
  CHECK(status.trees[0].python.module == node.tree().module());
  CHECK(status.trees[1].backend == Backend::stock);
  CHECK(status.trees[1].python.module.empty());
  CHECK(status.daemon.loaded == Loaded::no_daemon);
  CHECK_THAT(status.next(), Contains("which version is in force"));
}

TEST_CASE("the state of a node is removed, and that there is none is no error") {
  const Scratch dir;
  NodePaths paths;
  paths.state_dir = dir.path("run/ganeti-gluster");
  paths.persistent_dir = dir.path("lib/ganeti-gluster");
  paths.verdict_dir = dir.path("run/ganeti-gluster-check");
  const auto storage_dir = dir.path("storage");
  write_text(paths.persistent_dir + "/servers", "");
  write_text(paths.verdict_dir + "/verdict", "");
  make_directories(paths.state_dir + "/other/holds", 0700);
  REQUIRE(chmod(paths.state_dir.c_str(), 0700) == 0);
  remove_node_state(paths, storage_dir);
  CHECK_FALSE(boost::filesystem::exists(paths.state_dir));
  CHECK_FALSE(boost::filesystem::exists(paths.persistent_dir));
  CHECK_FALSE(boost::filesystem::exists(paths.verdict_dir));
  remove_node_state(paths, storage_dir);
  CHECK_FALSE(boost::filesystem::exists(paths.state_dir));
}
