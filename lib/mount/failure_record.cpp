// SPDX-License-Identifier: BSD-2-Clause
#include "mount/failure_record.hpp"

namespace ganeti::gluster {

std::optional<FailureRecord> read_failure(const StateDir& state) {
  const auto record = Record::read(state.fd(), state_file::failure);
  if (!record) return std::nullopt;
  const auto value = static_cast<int>(record->number("code"));
  return FailureRecord{record->text("volume"),
                       {value, record->text("category") == "generic" ? std::generic_category() : gluster_category()},
                       {record->text("subject"), record->text("failed"), record->text("why"), record->text("cure")},
                       std::chrono::milliseconds(record->number("time"))};
}

void write_failure(const StateDir& state, const FailureRecord& failure) {
  Record record;
  record.set("volume", failure.volume);
  record.set("category", failure.code.category().name());
  record.set("code", failure.code.value());
  record.set("subject", failure.text.subject);
  record.set("failed", failure.text.failed);
  record.set("why", failure.text.why);
  record.set("cure", failure.text.cure);
  record.set("time", failure.time.count());
  record.write(state.fd(), state_file::failure);
}

}  // namespace ganeti::gluster
