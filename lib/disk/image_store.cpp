// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/image_content.hpp>
#include <ganeti-gluster/disk/image_store.hpp>

namespace ganeti::gluster {

ContentSink::~ContentSink() = default;
ContentSource::~ContentSource() = default;
ImageFile::~ImageFile() = default;
ImageStore::~ImageStore() = default;

}  // namespace ganeti::gluster
