// SPDX-License-Identifier: BSD-2-Clause
#include "offers.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace ganeti::gluster::tool {
namespace {

namespace fs = std::filesystem;

// A link counts even if it leads nowhere: an admin made it.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

bool is_systemd_running() { return is_there("/run/systemd/system"); }

}  // namespace

std::vector<Offer> open_offers(const ProgramPaths& programs) {
  const auto installed = fs::path(programs.module).parent_path();
  std::vector<Offer> offers;
  const auto offer_link = [&](const char* what, const char* source, const fs::path& folder) {
    const auto target = installed / source;
    if (is_there(folder / target.filename())) return;
    offers.push_back({what, fmt::format("mkdir -p {0} && ln -s {1} {0}/", folder.string(), target.string())});
  };
  const auto offer_unit = [&](const char* what, const std::string& unit, const char* wanted_by) {
    if (is_there(fs::path("/etc/systemd/system") / wanted_by / unit)) return;
    offers.push_back({what, "systemctl enable --now " + unit});
  };

  constexpr const char* check = "a check each minute, for monitoring and the journal";
  constexpr const char* guests = "guests that stop before GlusterFS when the node goes down";
  if (is_systemd_running()) {
    offer_unit(check, "ganeti-gluster-check.timer", "timers.target.wants");
    offer_unit(guests, "ganeti-gluster-guests.service", "multi-user.target.wants");
  } else {
    offer_link(check, "cron.d/ganeti-gluster-check", "/etc/cron.d");
    if (!is_there("/etc/init.d/ganeti-gluster-guests")) {
      const auto script = installed / "init.d/ganeti-gluster-guests";
      offers.push_back({guests, fmt::format("cp {} /etc/init.d/ && update-rc.d {} defaults", script.string(),
                                            script.filename().string())});
    }
  }
  offer_link("gnt-cluster verify that shows what is wrong with GlusterFS here",
             "hooks/cluster-verify-post.d/50-ganeti-gluster", "/etc/ganeti/hooks/cluster-verify-post.d");
  offer_link("checks, and repairs if wanted, whenever Ganeti's watcher runs", "hooks/watcher/50-ganeti-gluster",
             "/etc/ganeti/hooks/watcher");
  return offers;
}

void print_offers(const std::vector<Offer>& offers) {
  if (offers.empty()) return;
  fmt::print("can be switched on as well:\n");
  for (const auto& offer : offers) fmt::print("  # {}\n  {}\n", offer.what, offer.command);
}

Json to_json(const std::vector<Offer>& offers) {
  auto list = Json::array();
  for (const auto& offer : offers) list.push_back({{"what", offer.what}, {"command", offer.command}});
  return list;
}

}  // namespace ganeti::gluster::tool
