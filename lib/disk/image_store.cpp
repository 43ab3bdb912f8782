// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/image_store.hpp>

namespace ganeti::gluster {

ImageFile::~ImageFile() = default;
ImageStore::~ImageStore() = default;

}  // namespace ganeti::gluster
