// SPDX-License-Identifier: BSD-2-Clause
#include "base/xml_text.hpp"

#include <sstream>

namespace ganeti::gluster {

std::string xml_text(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, "  ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
  return text.str();
}

}  // namespace ganeti::gluster
