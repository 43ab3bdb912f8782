// SPDX-License-Identifier: BSD-2-Clause
#include "mount/cluster_nodes.hpp"

#include <sstream>

#include <fcntl.h>

#include "base/file.hpp"
#include "volume/host.hpp"

namespace ganeti::gluster {

std::vector<std::string> cluster_node_addresses(const NodePaths& paths) {
  std::istringstream lines(read_file(AT_FDCWD, paths.ganeti_data_dir + "/ssconf_node_primary_ips").value_or(""));
  std::vector<std::string> addresses;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    std::string address;
    if (words >> name >> address && find_address(address)) addresses.push_back(address);
  }
  return addresses;
}

}  // namespace ganeti::gluster
