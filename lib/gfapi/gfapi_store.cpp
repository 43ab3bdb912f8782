// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/gfapi/gfapi_store.hpp>

#include <cerrno>

#include <unistd.h>

#include <fmt/format.h>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>

#include <ganeti-gluster/error.hpp>

#include "disk/store_error.hpp"
#include "gfapi/gfapi_file.hpp"
#include "gfapi/worker.hpp"

namespace ganeti::gluster {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  boost::algorithm::split(parts, text, [separator](char c) { return c == separator; });
  return parts;
}

std::string both(const std::string& first, const std::string& second) { return first + '\0' + second; }

}  // namespace

bool is_gfapi_installed(const NodePaths& paths) { return access(paths.gfapi_worker.c_str(), X_OK) == 0; }

struct GfapiStore::Impl {
  WorkerTask task;
  std::chrono::milliseconds limit;
  std::shared_ptr<Worker> worker{};

  [[nodiscard]] std::string describe(const DiskPath& disk) const {
    return fmt::format("{}/{}", task.volume.to_string(), disk.text());
  }

  Answer ask(const Request& request, const std::string& data, const CallText& text) {
    worker = Worker::get(task);
    return worker->call(request, data, Deadline::in(limit), text);
  }

  Answer require(const Request& request, const std::string& data, const CallText& text) {
    const auto answer = ask(request, data, text);
    if (answer.error != 0) throw_store_error(answer.error, text.subject, text.failed);
    return answer;
  }

  std::unique_ptr<ImageFile> open(const Request& request, const DiskPath& disk, const char* failed) {
    const auto answer = ask(request, disk.file_name(), {describe(disk), failed});
    if (answer.error == ENXIO) throw_not_an_image(describe(disk), failed);
    if (answer.error != 0) throw_store_error(answer.error, describe(disk), failed);
    return std::make_unique<GfapiImageFile>(worker, answer.numbers[0], describe(disk), limit);
  }
};

GfapiStore::GfapiStore(const GlusterVolume& volume, const VolumeSettings& settings, const NodePaths& paths)
    : impl_(std::make_unique<Impl>(Impl{WorkerTask(volume, settings, paths), settings.call_timeout})) {}
GfapiStore::GfapiStore(GfapiStore&&) noexcept = default;
GfapiStore& GfapiStore::operator=(GfapiStore&&) noexcept = default;
GfapiStore::~GfapiStore() = default;

void GfapiStore::connect() { impl_->worker = Worker::get(impl_->task); }

std::optional<ImageAttributes> GfapiStore::find(const DiskPath& disk) {
  const auto answer = impl_->ask({.operation = Operation::find}, disk.file_name(), {describe(disk), cannot_look});
  if (answer.error == ENOENT) return std::nullopt;
  if (answer.error == silent_parts_error) {
    throw_silent_parts(split(impl_->worker->payload(), '\n'), describe(disk), impl_->task.volume.name());
  }
  if (answer.error != 0) throw_store_error(answer.error, describe(disk), cannot_look);
  return answer.attributes;
}

std::optional<std::string> GfapiStore::find_attribute(const DiskPath& disk, const char* name) {
  constexpr const char* failed = "cannot read what the image says of itself";
  const auto answer =
      impl_->ask({.operation = Operation::find_attribute}, both(disk.file_name(), name), {describe(disk), failed});
  if (answer.error == ENODATA) return std::nullopt;
  if (answer.error != 0) throw_store_error(answer.error, describe(disk), failed);
  return impl_->worker->payload();
}

std::vector<std::string> GfapiStore::list() {
  const CallText text{fmt::format("{}/{}", impl_->task.volume.to_string(), DiskPath::folder()),
                      "cannot list the disks"};
  const auto answer = impl_->ask({.operation = Operation::list}, {}, text);
  if (answer.error == ENOENT) return {};
  if (answer.error != 0) throw_store_error(answer.error, text.subject, text.failed);
  auto names = split(impl_->worker->payload(), '\0');
  names.pop_back();  // what follows the last zero byte
  return names;
}

ImageTotals GfapiStore::totals() {
  const CallText text{impl_->task.volume.to_string(), "cannot add the sizes of the disks up"};
  const auto answer = impl_->ask({.operation = Operation::totals}, {}, text);
  if (answer.error == ENOENT) return {};
  if (answer.error != 0) throw_store_error(answer.error, text.subject, text.failed);
  return {.count = answer.numbers[0], .size_bytes = answer.numbers[1]};
}

std::unique_ptr<ImageFile> GfapiStore::open(const DiskPath& disk) {
  return impl_->open({.operation = Operation::open}, disk, "cannot open the image");
}

std::unique_ptr<ImageFile> GfapiStore::open_for_reading(const DiskPath& disk) {
  return impl_->open({.operation = Operation::open_for_reading}, disk, "cannot open the image");
}

std::unique_ptr<ImageFile> GfapiStore::create(const DiskPath& disk, unsigned mode) {
  return impl_->open({.operation = Operation::create, .mode = mode}, disk, "cannot create the image");
}

void GfapiStore::link(const DiskPath& from, const DiskPath& to) {
  constexpr const char* failed = "cannot give it a second name";
  const auto answer =
      impl_->ask({.operation = Operation::link}, both(from.file_name(), to.file_name()), {describe(from), failed});
  if (answer.error != 0) throw_store_error(answer.error, describe(answer.error == EEXIST ? to : from), failed);
}

bool GfapiStore::remove(const DiskPath& disk) {
  constexpr const char* failed = "cannot remove the image";
  const auto attributes = find(disk);
  if (!attributes) return false;
  if (!attributes->is_regular) throw_not_an_image(describe(disk), failed);
  const auto answer = impl_->ask({.operation = Operation::remove}, disk.file_name(), {describe(disk), failed});
  if (answer.error != 0 && answer.error != ENOENT) throw_store_error(answer.error, describe(disk), failed);
  return answer.error == 0;
}

VolumeSpace GfapiStore::space() {
  const auto answer = impl_->require({.operation = Operation::space}, {},
                                     {impl_->task.volume.to_string(), "cannot read the volume's sizes"});
  return {.size_bytes = answer.numbers[0], .free_bytes = answer.numbers[1], .used_bytes = answer.numbers[2]};
}

std::string GfapiStore::describe(const DiskPath& disk) const { return impl_->describe(disk); }

}  // namespace ganeti::gluster
