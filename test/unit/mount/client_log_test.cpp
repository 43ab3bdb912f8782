// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include "mount/client_log.hpp"

namespace gg = ganeti::gluster;

namespace {

// As GlusterFS 10.3 wrote them, cut to what matters.
constexpr const char* unknown_volume =
    "[2026-11-21 04:31:17.456409 +0000] I [glusterfsd.c:2447:daemonize] 0-glusterfs: Pid of current running process is "
    "494\n"
    "[2026-11-21 04:31:17.460063 +0000] E [glusterfsd-mgmt.c:2170:mgmt_getspec_cbk] 0-glusterfs: failed to get the "
    "'volume file' from server\n"
    "[2026-11-21 04:31:17.460069 +0000] E [glusterfsd-mgmt.c:2371:mgmt_getspec_cbk] 0-mgmt: failed to fetch volume "
    "file "
    "(key:/nosuch)\n"
    "[2026-11-21 04:31:17.460556 +0000] W [glusterfsd.c:1458:cleanup_and_exit] (-->/usr/sbin/glusterfs(x+0x73e) "
    "[0x55e901e8d18e] ) 0-: received signum (0), shutting down \n";

constexpr const char* stopped_volume =
    "[2026-11-21 04:31:17.717258 +0000] I [glusterfsd.c:2447:daemonize] 0-glusterfs: Pid of current running process is "
    "573\n"
    "[2026-11-21 04:31:17.723275 +0000] E [MSGID: 114058] [client-handshake.c:1193:client_query_portmap_cbk] "
    "0-stopped-client-0: failed to get the port number for remote subvolume. Please run gluster volume status on "
    "server "
    "to see if brick process is running [] \n"
    "[2026-11-21 04:31:17.724243 +0000] E [fuse-bridge.c:5364:fuse_first_lookup] 0-fuse: first lookup on root failed "
    "(Transport endpoint is not connected)\n";

}  // namespace

TEST_CASE("the causes in a client's log are its errors, newest first, without positions") {
  CHECK(gg::parse_causes(unknown_volume) == std::vector<std::string>{"failed to fetch volume file (key:/nosuch)",
                                                                     "failed to get the 'volume file' from server"});
}

TEST_CASE("only the client that was started last counts") {
  const auto causes = gg::parse_causes(std::string(unknown_volume) + stopped_volume);
  REQUIRE(causes.size() == 2);
  CHECK(causes[0] == "first lookup on root failed (Transport endpoint is not connected)");
  CHECK(
      causes[1] ==
      "failed to get the port number for remote subvolume. Please run gluster volume status on server to see if brick "
      "process is running");
}

TEST_CASE("a repeated cause is named once, where it came last") {
  std::string log;
  for (const char* text : {"a", "b", "a", "c", "d"}) {
    log += std::string("[t] E [file.c:1:f] 0-x: ") + text + "\n";
  }
  CHECK(gg::parse_causes(log) == std::vector<std::string>{"d", "c", "a", "b"});
}

TEST_CASE("lines that are no log lines are passed over") {
  CHECK(gg::parse_causes("").empty());
  CHECK(gg::parse_causes("[\n] E\n] E \nfinal graph:\n+----\n[t] E [nonsense\n").empty());
}
