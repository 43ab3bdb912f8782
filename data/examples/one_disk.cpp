// SPDX-License-Identifier: BSD-2-Clause
// Makes a disk of 256 MiB on a volume, lets it grow by half of that, and tells where a guest finds it:
//   one_disk node1,node2:/gv0 ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0
#include <iostream>
#include <string_view>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/log.hpp>
#include <ganeti-gluster/mount/namespace.hpp>
#include <ganeti-gluster/storage/gluster_storage.hpp>

namespace gg = ganeti::gluster;

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: one_disk VOLUME DISK" << std::endl;
    return 2;
  }
  // Once, before anything else: messages come from destructors too.
  gg::set_log_sink([](gg::LogLevel level, std::string_view message) {
    if (level >= gg::LogLevel::warning) std::cerr << message << std::endl;
  });
  try {
    // Values: nothing is looked up, asked or mounted by these.
    const auto volume = gg::GlusterVolume::parse(argv[1]);
    const gg::DiskPath name(argv[2]);

    // What the node is configured with, as its node daemon sees it.
    const gg::NodePaths paths;
    gg::enter_node_namespace(paths);
    const gg::Mounter mounter(gg::configured_storage_dir(paths), gg::Settings::load(paths.settings_file), paths);

    gg::GlusterStorage disk(mounter, {volume, name}, gg::PathPolicy(paths.file_storage_paths_file));
    if (!disk.attach()) disk.create(256);
    disk.grow(128);

    // From here on the volume stays mounted, also if this program is killed: a hold says why.
    disk.assemble();
    std::cout << disk.device_path() << ": " << disk.size() << " bytes" << std::endl;
    disk.shutdown();
  } catch (const gg::Error& error) {
    std::cerr << gg::code_name(error.code()) << ": " << error.what() << std::endl;
    // Codes compare equal to the errno that means the same, so that several can be told at once.
    const bool may_try_again = error.code() == std::errc::timed_out || error.code() == std::errc::not_connected;
    return may_try_again ? 75 : 1;  // EX_TEMPFAIL of sysexits.h
  }
  return 0;
}
