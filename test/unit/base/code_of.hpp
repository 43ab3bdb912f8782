// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <system_error>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster::test {

/// The code of the error that a function throws; none if it returns.
template <typename Function>
std::error_code code_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.code();
  }
  return {};
}

}  // namespace ganeti::gluster::test
