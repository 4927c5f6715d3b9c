// hpo schema: the JSON Schema that editors complete and check study.json with.
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::cli {

ExitCode schema(Arguments& arguments, const Context&) {
  if (const auto exit = arguments.parse()) return *exit;
  print(study_schema());
  return ExitCode::ok;
}

}  // namespace hpo::cli
