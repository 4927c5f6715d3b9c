// hpo daemon logs: the end of hpod.log; works without a daemon, which is when it is needed.
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/files.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

constexpr int lines_default = 50;
constexpr std::size_t log_bytes_max = 256U << 20U;

}  // namespace

ExitCode daemon_logs(Arguments& arguments, const Context& context) {
  std::optional<int> lines;
  arguments.option("-n,--lines", "N", lines, {.least = 1},
                   "so many lines from the end; default 50");
  if (const auto exit = arguments.parse()) return *exit;
  const auto state = state_directory();
  if (!state) return tell(failure_of(state.error()), context.terminal);
  const auto text = runner::read_file(StatePaths{.root = *state}.log(), log_bytes_max);
  if (!text) {
    Failure failure = failure_of(text.error());
    failure.error.remedy = "hpo daemon start";
    return tell(failure, context.terminal);
  }
  const int count = lines.value_or(lines_default);
  for (const std::string& line : last_lines(*text, static_cast<std::size_t>(count))) {
    print_line(context.terminal.is_tty ? printable(line) : line);
  }
  return ExitCode::ok;
}

}  // namespace hpo::cli
