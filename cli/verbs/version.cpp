// hpo version: of this program; the daemon's is in `hpo daemon status`.
#include "cli/arguments.hpp"
#include "cli/embedded.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {

ExitCode version(Arguments& arguments, const Context&) {
  bool as_json = false;
  arguments.flag("--json", as_json, "as JSON");
  if (const auto exit = arguments.parse()) return *exit;
  if (!as_json) {
    print_line("hpo " + std::string(hpo_version));
    return ExitCode::ok;
  }
  json::Writer writer;
  writer.object().member("version", hpo_version).end();
  print_line(writer.text());
  return ExitCode::ok;
}

}  // namespace hpo::cli
