// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <utility>

#include <ganeti-gluster/mount/lease.hpp>

#include "bindings.hpp"

namespace ganeti::gluster::python {

/// A Lease that may be used after its release: in Python that is a mistake, not a crash.
class LeaseObject {
 public:
  explicit LeaseObject(Lease lease) : lease_(std::move(lease)) {}

  /// @throws ValueError once it is released.
  Lease& get() {
    if (released_) throw py::value_error("the lease was released");
    return lease_;
  }

  Release release() noexcept {
    released_ = true;
    return lease_.release();
  }

 private:
  Lease lease_;
  bool released_ = false;
};

}  // namespace ganeti::gluster::python
