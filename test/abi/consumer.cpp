// SPDX-License-Identifier: BSD-2-Clause
// Another project that uses the installed library: compiled with what pkg-config says, and run.
#include <iostream>
#include <system_error>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/settings/settings.hpp>
#include <ganeti-gluster/version.hpp>
#include <ganeti-gluster/volume/volume.hpp>

int main() {
  using namespace ganeti::gluster;

  const auto volume = GlusterVolume::parse("node1,node2:/gv0/vms");
  std::cout << GANETI_GLUSTER_VERSION << ' ' << volume.to_string() << '\n';
  if (volume.name() != "gv0" || volume.subdir() != "vms") return 1;

  const Settings settings = Settings::load("/nonexistent/gluster.toml");
  if (settings.default_volume()) return 1;

  // Types cross the boundary: what the library throws is caught here by its leaf and by its root.
  try {
    const DiskPath disk("ganeti/../../etc/passwd");
    return 1;
  } catch (const ImageError& error) {
    if (error.code() != Errc::invalid_disk) return 1;
    std::cout << error.what() << '\n';
  }
  try {
    const Mounter mounter("relative");
    return 1;
  } catch (const std::system_error& error) {
    std::cout << error.what() << '\n';
  }
  return 0;
}
