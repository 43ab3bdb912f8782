// SPDX-License-Identifier: BSD-2-Clause
#include "disk_space.hpp"

#include "long_work.hpp"

namespace ganeti::gluster::tool {

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
  LongWork long_work(options, {subject, failed, "the space is given back"});
  space.progress = [&](std::uint64_t done_bytes, std::uint64_t total_bytes) {
    long_work.show(done_bytes, total_bytes);
  };
  work(space);
}

}  // namespace ganeti::gluster::tool
