// SPDX-License-Identifier: BSD-2-Clause
#include "disk_space.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "cancel.hpp"
#include "progress.hpp"
#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

ProgressReport::Form form_for(const Options& options) {
  if (options.json) return ProgressReport::Form::json;
  // The messages for debugging would stand in the midst of the line.
  return isatty(STDERR_FILENO) == 1 && !options.debug ? ProgressReport::Form::line : ProgressReport::Form::none;
}

}  // namespace

void add_space_options(CLI::App& command, SpaceArguments& arguments) {
  add_choice(command, "--preallocation", arguments.preallocation,
             {Preallocation::off, Preallocation::falloc, Preallocation::full},
             "Take the space now: reserve it, or write zeros (from the settings)");
  add_choice(command, "--overcommit", arguments.overcommit, {Overcommit::allow, Overcommit::warn, Overcommit::refuse},
             "If the free space could not fill the image (from the settings)");
}

SpaceOptions space_options(const DiskSession& session, const SpaceArguments& arguments) {
  const auto settings = session.settings();
  return {.preallocation = arguments.preallocation.value_or(settings.preallocation),
          .overcommit = arguments.overcommit.value_or(settings.overcommit),
          .progress = {}};
}

void take_space(const Options& options, const std::string& subject, const char* failed, SpaceOptions space,
                const std::function<void(const SpaceOptions&)>& work) {
  if (space.preallocation == Preallocation::off) return work(space);
  const CancelSignals cancel;
  ProgressReport report(form_for(options));
  space.progress = [&](std::uint64_t done_bytes, std::uint64_t total_bytes) {
    const auto signal = CancelSignals::received();
    if (!signal.empty()) {
      throw ImageError(
          std::make_error_code(std::errc::operation_canceled),
          {subject, failed,
           fmt::format("cancelled by {} after {} of {}", signal, format_size(done_bytes), format_size(total_bytes)),
           "the space is given back"});
    }
    report.show(done_bytes, total_bytes);
  };
  work(space);
}

}  // namespace ganeti::gluster::tool
