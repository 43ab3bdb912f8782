// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <type_traits>

#include <pybind11/pybind11.h>

#include <ganeti-gluster/mount/hold.hpp>
#include <ganeti-gluster/mount/lease.hpp>
#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/mount/status.hpp>
#include <ganeti-gluster/settings/settings.hpp>
#include <ganeti-gluster/storage/gluster_storage.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster::python {

template <typename E>
struct EnumRow {
  E value;
  const char* name;
};

/// Specialised for each enumeration that Python sees as an enum.StrEnum: its members are the texts
/// that the tool prints, and the texts are taken as arguments too.
template <typename E>
struct TextEnum;

template <>
struct TextEnum<Transport> {
  static constexpr auto name = pybind11::detail::const_name("Transport");
  static constexpr auto doc = "How clients talk to the volume's servers.";
  static constexpr EnumRow<Transport> rows[] = {{Transport::tcp, "tcp"}, {Transport::unix_socket, "unix_socket"}};
};

template <>
struct TextEnum<Preallocation> {
  static constexpr auto name = pybind11::detail::const_name("Preallocation");
  static constexpr auto doc = "Whether a new image gets its space at once.";
  static constexpr EnumRow<Preallocation> rows[] = {
      {Preallocation::off, "off"}, {Preallocation::falloc, "falloc"}, {Preallocation::full, "full"}};
};

template <>
struct TextEnum<Overcommit> {
  static constexpr auto name = pybind11::detail::const_name("Overcommit");
  static constexpr auto doc = "What happens to an image that could not be filled with the space that is free now.";
  static constexpr EnumRow<Overcommit> rows[] = {
      {Overcommit::allow, "allow"}, {Overcommit::warn, "warn"}, {Overcommit::refuse, "refuse"}};
};

template <>
struct TextEnum<StoreKind> {
  static constexpr auto name = pybind11::detail::const_name("StoreKind");
  static constexpr auto doc = "How images are reached where their path is not needed.";
  static constexpr EnumRow<StoreKind> rows[] = {
      {StoreKind::automatic, "automatic"}, {StoreKind::mount, "mount"}, {StoreKind::libgfapi, "libgfapi"}};
};

template <>
struct TextEnum<DiskAccess> {
  static constexpr auto name = pybind11::detail::const_name("DiskAccess");
  static constexpr auto doc = "Who reads a disk for a guest (Ganeti's disk parameter `access`).";
  static constexpr EnumRow<DiskAccess> rows[] = {{DiskAccess::kernelspace, "kernelspace"},
                                                 {DiskAccess::userspace, "userspace"}};
};

template <>
struct TextEnum<HoldReason> {
  static constexpr auto name = pybind11::detail::const_name("HoldReason");
  static constexpr auto doc = "Why a hold was written.";
  static constexpr EnumRow<HoldReason> rows[] = {{HoldReason::assembled, "assembled"},
                                                 {HoldReason::opened, "opened"},
                                                 {HoldReason::found, "found"},
                                                 {HoldReason::admin, "admin"}};
};

template <>
struct TextEnum<Release> {
  static constexpr auto name = pybind11::detail::const_name("Release");
  static constexpr auto doc = "What became of a mount that nobody needs any more; none of these is an error.";
  static constexpr EnumRow<Release> rows[] = {{Release::released, "released"},
                                              {Release::busy, "busy"},
                                              {Release::held, "held"},
                                              {Release::not_mounted, "not_mounted"},
                                              {Release::locked, "locked"}};
};

template <>
struct TextEnum<Retry> {
  static constexpr auto name = pybind11::detail::const_name("Retry");
  static constexpr auto doc = "What to do if a mount failed less than five seconds ago.";
  static constexpr EnumRow<Retry> rows[] = {{Retry::when_due, "when_due"}, {Retry::at_once, "at_once"}};
};

template <>
struct TextEnum<MountState> {
  static constexpr auto name = pybind11::detail::const_name("MountState");
  static constexpr auto doc = "What is on the storage dir, and how it is.";
  static constexpr EnumRow<MountState> rows[] = {{MountState::not_mounted, "not_mounted"},
                                                 {MountState::well, "well"},
                                                 {MountState::other, "other"},
                                                 {MountState::cannot_tell, "cannot_tell"},
                                                 {MountState::unreachable, "unreachable"},
                                                 {MountState::hung, "hung"},
                                                 {MountState::dead, "dead"}};
};

template <>
struct TextEnum<DiskState> {
  static constexpr auto name = pybind11::detail::const_name("DiskState");
  static constexpr auto doc = "What is known of a disk.";
  static constexpr EnumRow<DiskState> rows[] = {{DiskState::detached, "detached"},
                                                {DiskState::attached, "attached"},
                                                {DiskState::absent, "absent"},
                                                {DiskState::failed, "failed"}};
};

template <typename E>
concept HasTextEnum = std::is_enum_v<E> && requires {
  TextEnum<E>::rows;
};

/// The Python class; kept for as long as the process lives.
template <HasTextEnum E>
inline PyObject* text_enum_class = nullptr;

template <HasTextEnum E>
std::string enum_text(const EnumRow<E>& row) {
  if constexpr (requires { to_string(row.value); }) {
    return std::string(to_string(row.value));
  } else {
    return row.name;
  }
}

}  // namespace ganeti::gluster::python

namespace pybind11::detail {

template <ganeti::gluster::python::HasTextEnum E>
struct type_caster<E> {
  using Table = ganeti::gluster::python::TextEnum<E>;
  PYBIND11_TYPE_CASTER(E, Table::name);

  bool load(handle source, bool /*convert*/) {
    if (!PyUnicode_Check(source.ptr())) return false;
    const auto text = source.cast<std::string>();
    for (const auto& row : Table::rows) {
      if (enum_text(row) != text) continue;
      value = row.value;
      return true;
    }
    return false;
  }

  static handle cast(E source, return_value_policy /*policy*/, handle /*parent*/) {
    for (const auto& row : Table::rows) {
      if (row.value != source) continue;
      return object(handle(ganeti::gluster::python::text_enum_class<E>).attr(row.name)).release();
    }
    throw value_error("unknown enumerator");
  }
};

}  // namespace pybind11::detail
