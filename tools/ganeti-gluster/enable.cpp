// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "commands.hpp"
#include "node.hpp"
#include "offers.hpp"
#include "output.hpp"
#include "switch.hpp"

namespace ganeti::gluster::tool {
namespace {

bool is_on(const ProgramPaths& programs) {
  const auto trees = find_ganeti_trees(programs);
  return std::any_of(trees.begin(), trees.end(), [&](const GanetiTree& tree) {
    const auto backend = Dropin(tree, programs).backend();
    return backend == Backend::ours || backend == Backend::outdated;
  });
}

// What is left of ours where a version of Ganeti was removed is of no use to anybody.
void clear_removed(const ProgramPaths& programs) {
  for (auto& tree : find_ganeti_trees(programs)) {
    if (!tree.is_installed()) static_cast<void>(Dropin(tree, programs).disable());
  }
}

[[noreturn]] void refuse_without_ganeti(const ProgramPaths& programs) {
  throw Error(std::make_error_code(std::errc::no_such_file_or_directory),
              {fmt::format("{}", fmt::join(programs.ganeti_roots, ", ")), "cannot find Ganeti",
               "there is no version of it with a module for Gluster", "install Ganeti's node daemon first"});
}

int enable(const Options& options, bool again) {
  const ProgramPaths programs;
  if (again && !is_on(programs)) {
    if (options.json) print_json({{"ganeti", Json::array()}, {"holds", Json::array()}, {"next", Json()}});
    return 0;
  }
  const Node node(options);
  clear_removed(programs);
  const auto trees = switch_trees(programs, [](const Dropin& dropin) { return dropin.enable(); });
  if (trees.empty()) refuse_without_ganeti(programs);
  // Disks that Ganeti's own module has assembled are in use without a hold.
  const auto status = exit_status(trees);
  const auto holds = node.mounter.rebuild_holds();
  const auto next = status == 0 ? dropin_status(programs, node.paths).next() : "";
  const auto offers = status == 0 ? open_offers(programs) : std::vector<Offer>();
  if (options.json) {
    print_json({{"ganeti", to_json(trees)},
                {"holds", holds},
                {"next", next.empty() ? Json() : Json(next)},
                {"offers", to_json(offers)}});
  } else {
    print_switched(trees, "switched to ganeti-gluster", "has ganeti-gluster already");
    for (const auto& disk : holds) fmt::print("{} is in use: wrote a hold\n", disk);
    print_fields({{"next", next}});
    print_offers(offers);
  }
  return status;
}

}  // namespace

void add_enable(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("enable", "Make Ganeti on this node use ganeti-gluster");
  const auto again = std::make_shared<bool>(false);
  command->add_flag("--again", *again, "Only where it is in use in some version of Ganeti already");
  add_common_options(*command, options);
  command->footer(
      "Instances may run meanwhile. The node daemon has to be restarted afterwards,\n"
      "which is left to you. Repeat this after an upgrade to a new version of Ganeti;\n"
      "the Debian package does, with --again.\n"
      "Example: ganeti-gluster enable");
  command->callback([&action, again] { action = [again](const Options& o) { return enable(o, *again); }; });
}

}  // namespace ganeti::gluster::tool
