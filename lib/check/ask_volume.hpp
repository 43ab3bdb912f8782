// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <vector>

#include <nlohmann/json.hpp>

#include "check/check_context.hpp"

namespace ganeti::gluster {

/// One question to the volume: called with the mount's root. Its answer is an object, which has an "error", a number of
/// errno, if there is none.
using VolumeQuestion = std::function<nlohmann::json(int root)>;

/// Asks in an expendable child, where it may block as long as it likes; one child for all questions, as each of them
/// costs more than what it is asked.
/// @returns the answers that came in time, in the order of the questions. @throws CannotJudge if there is none
[[nodiscard]] std::vector<nlohmann::json> ask_volume(CheckContext& context,
                                                     const std::vector<VolumeQuestion>& questions);

/// @throws CannotJudge if the answer is an error
void refuse_error(const nlohmann::json& answer);

/// What lies in the folder of disks; look_at_images judges the answer.
[[nodiscard]] VolumeQuestion question_of_images(const CheckContext& context);

}  // namespace ganeti::gluster
