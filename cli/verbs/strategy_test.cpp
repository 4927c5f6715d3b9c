// hpo strategy test NAME|PROGRAM [ARGS…]: hpod tries it, since strategies are in hpod alone.
#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/capture.hpp"
#include "cli/output.hpp"
#include "cli/preflight.hpp"
#include "cli/programs.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "schema/strategy_list.hpp"

namespace hpo::cli {
namespace {

bool is_of_the_house(const std::string& name) {
  return name != "external" && std::ranges::count(strategy_list, name, &StrategyText::name) > 0;
}

// A study with this strategy, as `submit` would send it from here. Its space counts for nothing.
Result<StudySpec> study_of(const std::vector<std::string>& words, const std::string& options) {
  const auto here = current_directory();
  if (!here) return here.error();
  StudySpec spec;
  spec.name = "test";
  spec.space = *SearchSpace::make({{.name = "x", .domain = BoolDomain{}}});
  spec.objective.metric = "loss";
  spec.command = {"true"};
  if (words.size() == 1 && is_of_the_house(words[0])) {
    spec.strategy.type = words[0];
    spec.fidelity = FidelitySpec{.name = "epochs", .min = 1, .max = 81};  // some need one
    return spec;
  }
  spec.strategy.type = "external";
  spec.strategy.external.command = words;
  spec.strategy.external.options = options;
  return as_submitted(std::move(spec), *here, environment_value);
}

Error bad_options(const std::string& options) {
  return {ErrorCode::invalid_argument, "the options are no object of JSON", "--options " + options,
          "write them as in a study: --options '{\"step\": 0.1}'"};
}

}  // namespace

ExitCode test_strategy(Arguments& arguments, const Context& context) {
  std::vector<std::string> words;
  std::string options;
  arguments.list("NAME|PROGRAM", words, "a strategy of hpo's, or a program and its arguments")
      .option("--options", "JSON", options, "the program's \"options\" in \"strategy\"");
  if (const auto exit = arguments.parse()) return *exit;
  const json::Parsed parsed = json::parse(options.empty() ? "{}" : options);
  if (!parsed.problems.empty() || parsed.root.kind != json::Kind::object) {
    return tell(failure_of(bad_options(options)), context.terminal);
  }
  const auto spec = study_of(words, json::node_text(parsed.root));
  if (!spec) return tell(failure_of(spec.error()), context.terminal);
  if (const auto problem = strategy_problem(*spec)) {
    return tell(failure_of(*problem), context.terminal);
  }
  const auto program = find_hpod();
  if (!program) return tell(failure_of(program.error()), context.terminal);
  return tell(failure_of(become_hpod(*program, "--test-strategy=" + study_to_json(*spec))),
              context.terminal);
}

}  // namespace hpo::cli
