// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/dropin/python_report.hpp>

#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <boost/algorithm/string/trim.hpp>

#include "base/file.hpp"
#include "base/key_values.hpp"
#include "dropin/run.hpp"

namespace ganeti::gluster {
namespace {

// Loads what the node daemon loads, in the same order: Ganeti's modules know each other in circles.
// What they print meanwhile stands before the mark.
constexpr const char* script = R"(
import importlib.util
import sys

tree, module = sys.argv[1:]
sys.path[0] = tree


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if module and name == "ganeti.storage.gluster":
            return importlib.util.spec_from_file_location(name, module)


sys.meta_path.insert(0, Finder)
import ganeti.server.noded
from ganeti.storage import gluster

facts = {"module": gluster.__file__, "error": getattr(gluster, "LOAD_ERROR", None)}
package = sys.modules.get("ganeti_gluster")
if package is not None and not facts["error"]:
    facts["version"] = getattr(package, "__version__", None)
    seams = sys.modules.get("ganeti_gluster.seams")
    for number, seam in enumerate(seams.report() if seams else []):
        for key, value in zip(("name", "state", "detail"), seam):
            facts["seam%d.%s" % (number, key)] = value
print("\n--- facts ---")
for key, value in facts.items():
    print(key, "=", " ".join(str(value or "").split()))
)";

constexpr std::string_view mark = "\n--- facts ---\n";

// The words of a script's first line, as execve(2) takes them apart.
std::vector<std::string> interpreter_of(const std::string& program) {
  const auto text = read_linked_file(program).value_or("");
  if (!text.starts_with("#!")) return {};
  std::istringstream words(text.substr(2, text.find('\n') - 2));
  std::string interpreter;
  std::string argument;
  words >> interpreter;
  std::getline(words >> std::ws, argument);
  boost::algorithm::trim_right(argument);
  if (argument.empty()) return {interpreter};
  return {interpreter, argument};
}

// Python ends its complaint with a line that names the exception.
std::string last_line(const std::string& output) {
  const auto text = boost::algorithm::trim_copy(output);
  return text.substr(text.find_last_of('\n') + 1);
}

PythonReport parse(std::string_view facts) {
  const auto values = KeyValues::parse(facts);
  PythonReport report{values.text("module"), values.text("version"), {}, values.text("error")};
  for (int number = 0;; ++number) {
    const auto value = [&](const char* key) { return values.text(fmt::format("seam{}.{}", number, key)); };
    if (value("name").empty()) break;
    report.seams.push_back({value("name"), value("state"), value("detail")});
  }
  return report;
}

}  // namespace

PythonReport ask_python(const GanetiTree& tree, const std::string& module, std::chrono::seconds limit) {
  const auto program = tree.path + "/ganeti-noded";
  auto argv = interpreter_of(program);
  if (argv.empty()) return {{}, {}, {}, program + " does not say which Python runs it"};
  const auto interpreter = argv.front();
  argv.insert(argv.end(), {"-B", "-c", script, tree.path, module});
  const auto outcome = run(std::move(argv), limit);
  if (outcome.timed_out) return {{}, {}, {}, fmt::format("{} has not ended within {} s", interpreter, limit.count())};
  const auto facts = outcome.output.rfind(mark);
  if (outcome.status == 0 && facts != std::string::npos) return parse(outcome.output.substr(facts + mark.size()));
  const auto why = last_line(outcome.output);
  return {{}, {}, {}, why.empty() ? fmt::format("{} cannot be run", interpreter) : why};
}

}  // namespace ganeti::gluster
