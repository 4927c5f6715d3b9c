// hpo explain CODE: the page behind a code of a message.
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::cli {
namespace {

ExitCode list_codes(const Context& context) {
  Table table;
  table.column("CODE");
  table.column("MEANING");
  for (const Explanation& each : explanations()) {
    table.row({{.text = std::string(each.code)}, {.text = std::string(each.title)}});
  }
  print(table.render(context.terminal));
  return ExitCode::ok;
}

ExitCode no_such_code(const std::string& code, const Context& context) {
  std::vector<std::string_view> known;
  for (const Explanation& each : explanations()) known.push_back(each.code);
  const std::string_view near = nearest(code, known);
  return tell({.exit_code = ExitCode::not_found,
               .error = {.code = ErrorCode::not_found, .what = "there is no code " + code,
                         .where = {},
                         .remedy = "hpo explain" + (near.empty() ? "" : " " + std::string(near))},
               .details = {}},
              context.terminal);
}

}  // namespace

ExitCode explain_code(Arguments& arguments, const Context& context) {
  std::string code;
  arguments.optional_positional("CODE", code, "as in HPO-E0104; without one, all are listed");
  if (const auto exit = arguments.parse()) return *exit;
  if (code.empty()) return list_codes(context);
  const Explanation* explanation = explain(code);
  if (explanation == nullptr) return no_such_code(code, context);
  print(styled(std::string(explanation->code) + ": " + std::string(explanation->title),
               Style::bold, context.terminal.has_color) + "\n\n");
  print_line(explanation->explanation);
  return ExitCode::ok;
}

}  // namespace hpo::cli
