// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <iterator>

#include <ganeti-gluster/check/finding.hpp>

namespace ganeti::gluster {
namespace {

constexpr auto warning = Severity::warning;
constexpr auto critical = Severity::critical;
constexpr auto unknown = Severity::unknown;

// Codes of gnt-cluster verify (Ganeti: constants.CV_*).
constexpr const char* path_unusable = "ENODEGLUSTERSTORAGEPATHUNUSABLE";
constexpr const char* wrong_paths = "ENODEFILESTORAGEPATHS";
constexpr const char* node_setup = "ENODESETUP";
constexpr const char* orphaned = "ENODEORPHANLV";

constexpr FindingKind kinds[] = {
    {"BACKEND_INACTIVE", warning, "Ganeti works without ganeti-gluster",
     "Ganeti's own backend is in force, with its races; disks are not checked for the right volume.",
     "The module that Ganeti's version in force loads for gluster disks is not the one of ganeti-gluster. An upgrade "
     "of Ganeti brings a new tree with Ganeti's own module and does not tell anybody.",
     node_setup},
    {"BACKEND_OUTDATED", warning, "the module in Ganeti's tree is of another version than ganeti-gluster",
     "Gluster operations may fail until both are of one version.",
     "ganeti-gluster was upgraded, and the module that it once put into Ganeti's tree was not replaced.", node_setup},
    {"CANNOT_TELL", critical, "the mounted volume does not say who it is",
     "No disk operation works on this node: nothing is written where it may not belong.",
     "The client behind the mount lives, but the volume does not answer, and nobody verified it before. Most often "
     "bricks are down; once they are back it works again by itself.",
     path_unusable},
    {"CHECK_FAILED", unknown, "the check itself failed",
     "What no other finding tells is not known until a check succeeds.",
     "It was not run as root, had no memory, or came upon a fault of its own. The evidence has its last words.",
     node_setup},
    {"CHECK_TIMEOUT", unknown, "the check itself did not end in time",
     "What no other finding tells is not known until a check ends.",
     "Something that must not block did, such as a process's files below /proc while that process waits in the "
     "kernel. The evidence names the look at which it happened.",
     path_unusable},
    {"CHILD_ABANDONED", warning, "a process waits for an answer of the mount",
     "It holds the mount busy, and no other is started on it, until the mount answers or its connection is aborted.",
     "A probe asked the mount and got no answer. Such a process cannot be killed; it ends when the client answers, "
     "ends, or is cut off.",
     path_unusable},
    {"CLIENT_LOG_HUGE", warning, "the log of the Gluster client is very large", "It fills the file system of /var/log.",
     "A client that is cut off from bricks writes lines all the time; logrotate is missing or does not know the file.",
     node_setup},
    {"CLIENT_LOG_UNWRITABLE", warning, "the Gluster client cannot write its log",
     "Failures of the mount will have no cause to be read.",
     "The folder is missing or full, or may not be written. GlusterFS mounts nevertheless and says nothing.",
     node_setup},
    {"CLIENT_OUTDATED", warning, "the mount is served by an older GlusterFS than the installed one",
     "Mended faults of GlusterFS still act on the disks of this node.",
     "The client was started before GlusterFS was upgraded, and runs as long as the mount is in use.", node_setup},
    {"DAEMON_OUTDATED", warning, "the node daemon runs with another ganeti-gluster than the installed one",
     "What the upgrade mended still acts in Ganeti's requests.",
     "The node daemon loads the library once, when it starts. After an installation, an upgrade or a switch it has to "
     "be restarted; instances go on running.",
     node_setup},
    {"HOLD_STALE", warning, "a disk's hold keeps the mount, and nothing uses the disk",
     "The volume stays mounted without need.",
     "Something ended the use of the disk behind Ganeti's back: an instance killed by hand, a cleaned folder of "
     "links, a request that was killed.",
     path_unusable},
    {"IMAGE_ORPHANED", warning, "images of this cluster belong to no disk", "They take space on the volume.",
     "The label of each image says which cluster made it, and for which disk. Neither an instance nor a detached disk "
     "of this cluster has these any more: a removal that did not reach the volume, or an instance removed with "
     "--ignore-failures. Judged on the master node alone, by labels, never by file names.",
     orphaned},
    {"INODES_LOW", warning, "few files can be added to the volume", "New disks cannot be created.",
     "The file system of a brick runs out of inodes.", path_unusable},
    {"INVALID_SETTINGS", critical, "the settings file has a mistake", "Each disk operation on this node fails.",
     "No setting is guessed: one that is unknown or has the wrong type makes the whole file an error.", node_setup},
    {"LOCK_TIMEOUT", warning, "the storage dir is locked for longer than anybody waits for it",
     "Each operation that has to mount or unmount fails.",
     "A mount attempt waits for a server that says nothing, or a process was stopped while it had the lock.",
     path_unusable},
    {"MOUNT_DEAD", critical, "the client process behind the mount is gone",
     "Disks cannot be reached: instances that use their files get input/output errors.",
     "The glusterfs process was killed, crashed or ran out of memory. The kernel keeps the mount and answers "
     "\"Transport endpoint is not connected\". Instances that had their disk open have to be restarted after the "
     "mount was replaced.",
     path_unusable},
    {"MOUNT_FAILED", critical, "the volume could not be mounted",
     "Instances with disks on it cannot be started on this node.",
     "The last attempt to mount failed, and nothing is mounted. The evidence has its cause.", path_unusable},
    {"MOUNT_HUNG", critical, "the mount does not answer",
     "Instances that use it stand still, and whatever touches the storage dir blocks.",
     "The client is stopped or overloaded, or a server swallows what it is sent. Calls that wait cannot be killed. "
     "Nothing is unmounted behind a running instance's back.",
     path_unusable},
    {"MOUNT_IDLE", warning, "the volume is mounted, and nothing needs it",
     "None for instances; a node that reboots waits for it.",
     "A process was killed between its work and the unmount that belongs to it. The next use of the volume gives the "
     "mount back as well.",
     path_unusable},
    {"MOUNT_MISSING", critical, "disks of this node need the mount, and it is not there",
     "Instances whose disks lie on it have lost them, or cannot be started again.",
     "Somebody unmounted the volume, or unmounted it lazily, while disks held it.", path_unusable},
    {"MOUNT_READ_ONLY", critical, "the volume is mounted read-only", "Instances cannot write to their disks.",
     "Mounted by hand with the option ro, or remounted. ganeti-gluster never mounts so.", path_unusable},
    {"MOUNT_SLOW", warning, "the volume's root takes long to answer",
     "Instances are slow, and requests may fail for want of time.",
     "Bricks are overloaded or heal, the network loses packets, or this node has no processor time to spare.",
     path_unusable},
    {"MOUNT_STACKED", warning, "mounts are stacked on the storage dir",
     "Each has a client of its own, and what lies below can be reached by nobody.",
     "Two processes mounted at once, without a lock between them: Ganeti's own backend, or somebody by hand.",
     path_unusable},
    {"PATH_NOT_ALLOWED", critical, "the storage dir is not allowed for file storage",
     "Each gluster disk on this node is refused.",
     "Ganeti uses files only below the paths that /etc/ganeti/file-storage-paths lists.", wrong_paths},
    {"ROOT_SQUASHED", critical, "root may not write to the volume", "No disk can be created.",
     "The volume maps root to another user (server.root-squash), or its root belongs to somebody else.", path_unusable},
    {"SERVERS_DOWN", critical, "no server of the volume answers",
     "The volume cannot be mounted. A mount that is there goes on as long as its bricks do.",
     "glusterd does not run on any of them, a firewall drops its port, or this node's network is down.", path_unusable},
    {"SERVER_DOWN", warning, "a server of the volume does not answer",
     "None as long as the others do: they are asked instead.",
     "glusterd does not run there, its name does not resolve, or its port cannot be reached.", path_unusable},
    {"SPACE_LOW", warning, "the volume is nearly full",
     "Sparse disks cannot grow into space that is not there: instances get input/output errors.",
     "Images are sparse unless they are preallocated, and may together be larger than the volume.", path_unusable},
    {"STRAY_FILES", warning, "files lie in the bare directory below the mount",
     "Disks may have been written to this node's own file system instead of the volume.",
     "Something wrote past a missing mount, as Ganeti's own backend does. Nobody can see them while the volume is "
     "mounted. They are never removed without an admin.",
     path_unusable},
    {"UNFINISHED_IMAGE", warning, "the creation of images was never completed",
     "None for instances: such an image is never used. It takes a name and little space.",
     "The request that created it was killed. Ganeti's next creation of the same disk takes it over. An image is told "
     "of a minute after the last write to it.",
     orphaned},
    {"UNREACHABLE", critical, "the volume has no quorum or no brick",
     "Instances get input/output errors. Everything works again by itself when the bricks return.",
     "The client lives, but too few of the volume's bricks answer it: servers are down or the network is split. "
     "Nothing on this node can mend it.",
     path_unusable},
    {"UNSAFE_STORAGE_DIR", critical, "the storage dir is not safe",
     "Nothing is mounted there, and each disk operation fails.",
     "It is a symbolic link or no directory, or another user may write to it or to the folder that it lies in.",
     wrong_paths},
    {"VERDICT_STALE", unknown, "no check of this node ended lately", "Nothing is known of this node now.",
     "Asked for by --last only, which reads what the last check said and looks at nothing itself. The service that "
     "checks every minute does not run, or does not end in time, or looks at another storage dir.",
     node_setup},
    {"VOLUME_UNKNOWN", unknown, "no volume is known on this node", "Nothing could be judged.",
     "This node never used a volume, or several, and the settings name none.", node_setup},
    {"WRITE_FAILED", critical, "a file could not be written to the volume and read again",
     "Instances get input/output errors when they write.",
     "Bricks are full, in the minority, or broken. Asked for by --write only.", path_unusable},
    {"WRONG_NAMESPACE", critical, "the volume is mounted where the node daemon does not see it",
     "Instances do not see it either.",
     "It was mounted by a process in a mount namespace of its own, such as a service with PrivateTmp.", path_unusable},
    {"WRONG_VOLUME", critical, "something else is mounted on the storage dir",
     "Each disk operation fails, so that nothing is written there.",
     "Another volume or subdir than this node's disks lie on, or another file system. Two groups of the cluster with "
     "different volumes cannot share a node's storage dir at the same time.",
     path_unusable},
};

static_assert(std::is_sorted(std::begin(kinds), std::end(kinds), [](const FindingKind& a, const FindingKind& b) {
  return std::string_view(a.code) < std::string_view(b.code);
}));

}  // namespace

std::span<const FindingKind> finding_kinds() noexcept { return kinds; }

const FindingKind* find_finding_kind(std::string_view code) noexcept {
  const auto* found =
      std::find_if(std::begin(kinds), std::end(kinds), [&](const auto& kind) { return kind.code == code; });
  return found == std::end(kinds) ? nullptr : found;
}

std::string to_string(Severity severity) {
  switch (severity) {
    case Severity::ok:
      return "OK";
    case Severity::warning:
      return "WARNING";
    case Severity::critical:
      return "CRITICAL";
    case Severity::unknown:
      break;
  }
  return "UNKNOWN";
}

// As the Monitoring Plugins' own max_state_alt.
Severity worse(Severity one, Severity other) noexcept {
  for (const auto severity : {Severity::critical, Severity::warning, Severity::unknown}) {
    if (one == severity || other == severity) return severity;
  }
  return Severity::ok;
}

}  // namespace ganeti::gluster
