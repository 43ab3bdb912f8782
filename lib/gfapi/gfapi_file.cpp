// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/gfapi_file.hpp"

#include <algorithm>
#include <cerrno>

#include "disk/creator_lock.hpp"
#include "disk/store_error.hpp"

namespace ganeti::gluster {

GfapiImageFile::~GfapiImageFile() { worker_->close_file(file_); }

Answer GfapiImageFile::ask(Request request, const char* failed, std::span<const char> data) {
  request.file = file_;
  return worker_->call(request, data, Deadline::in(limit_), {subject_, failed});
}

Answer GfapiImageFile::require(const Request& request, const char* failed, std::span<const char> data) {
  const auto answer = ask(request, failed, data);
  if (answer.error != 0) throw_store_error(answer.error, subject_, failed);
  return answer;
}

ImageAttributes GfapiImageFile::attributes() {
  return require({.operation = Operation::attributes}, "cannot read the attributes of the image").attributes;
}

void GfapiImageFile::truncate(std::uint64_t size_bytes) {
  require({.operation = Operation::truncate, .length = size_bytes}, "cannot set the size");
}

void GfapiImageFile::set_mode(unsigned mode) {
  require({.operation = Operation::set_mode, .mode = mode}, "cannot set the mode");
}

void GfapiImageFile::set_attribute(const char* name, const std::string& value) {
  const auto data = std::string(name) + '\0' + value;
  require({.operation = Operation::set_attribute}, "cannot label it", data);
}

void GfapiImageFile::allocate(std::uint64_t offset, std::uint64_t length) {
  require({.operation = Operation::allocate, .offset = offset, .length = length}, "cannot reserve space");
}

// In steps, each of which has the time of a call.
void GfapiImageFile::write_zeros(std::uint64_t offset, std::uint64_t length) {
  constexpr std::uint64_t step_bytes = 16U << 20U;
  while (length > 0) {
    const auto step = std::min(length, step_bytes);
    require({.operation = Operation::write_zeros, .offset = offset, .length = step}, "cannot write zeros");
    offset += step;
    length -= step;
  }
}

std::size_t GfapiImageFile::read(std::uint64_t offset, std::span<char> buffer) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const auto step = std::min<std::size_t>(buffer.size() - done, most_payload);
    require({.operation = Operation::read, .offset = offset + done, .length = step}, "cannot read the image");
    const auto& got = worker_->payload();
    std::copy(got.begin(), got.end(), buffer.begin() + static_cast<std::ptrdiff_t>(done));
    done += got.size();
    if (got.size() < step) break;
  }
  return done;
}

void GfapiImageFile::write(std::uint64_t offset, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const auto step = bytes.first(std::min<std::size_t>(bytes.size(), most_payload));
    require({.operation = Operation::write, .offset = offset}, "cannot write to the image", step);
    bytes = bytes.subspan(step.size());
    offset += step.size();
  }
}

void GfapiImageFile::punch(std::uint64_t offset, std::uint64_t length) {
  require({.operation = Operation::punch, .offset = offset, .length = length}, "cannot give space back");
}

std::optional<std::uint64_t> GfapiImageFile::find_data(std::uint64_t offset) {
  constexpr const char* failed = "cannot look for data in the image";
  const auto answer = ask({.operation = Operation::find_data, .offset = offset}, failed);
  if (answer.error == EOPNOTSUPP) return std::nullopt;  // a sharded volume
  if (answer.error != 0) throw_store_error(answer.error, subject_, failed);
  return answer.numbers[0];
}

void GfapiImageFile::sync() { require({.operation = Operation::sync}, "cannot make the image durable"); }

bool GfapiImageFile::try_lock() {
  constexpr const char* failed = "cannot lock the image";
  const auto answer = ask({.operation = Operation::try_lock, .offset = creator_lock_place, .length = 1}, failed);
  if (answer.error == EAGAIN || answer.error == EACCES) return false;
  if (answer.error != 0) throw_store_error(answer.error, subject_, failed);
  return true;
}

}  // namespace ganeti::gluster
