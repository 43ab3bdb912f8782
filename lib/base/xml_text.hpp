// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <pugixml.hpp>

namespace ganeti::gluster {

/// The document as text, indented by two blanks, without the line that says it is XML.
[[nodiscard]] std::string xml_text(const pugi::xml_document& document);

}  // namespace ganeti::gluster
