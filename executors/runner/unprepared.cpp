// See unprepared.hpp.
#include "executors/runner/unprepared.hpp"

#include <string_view>

#include "executors/runner/classify.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/process.hpp"
#include "executors/runner/text.hpp"
#include "schema/paths.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t log_bytes_shown = 4096;
constexpr std::size_t text_bytes_max = 1000;  // of one message of the job script

struct Remedy {
  std::string_view key{};
  std::string_view text{};
};

constexpr Remedy remedies[] = {
    {"modules", "correct \"modules\" (on such a node: module avail), or load them by lines of "
                "\"setup\""},
    {"conda", "correct \"conda\" (conda env list); the module that brings conda goes into "
              "\"modules\""},
    {"venv", "correct \"venv\": the absolute path of an environment that such a node sees"},
    {"setup", "correct \"setup\"; let it end with exit code 75 where another attempt may help"}};

std::string mend_of(const std::string& key) {
  std::string text = "correct \"" + key + "\"";
  for (const Remedy& row : remedies) {
    if (row.key == key) text = row.text;
  }
  return text + ". One short job tries it: hpo doctor STUDY.json";
}

// Without the job script's own last line, which `what` repeats.
std::string last_lines_of(const std::string& path) {
  const auto tail = read_tail(path, log_bytes_shown);
  if (!tail) return {};
  std::string text = cleaned(*tail);
  const std::size_t own = text.rfind("job.sh: ");
  if (own != std::string::npos && (own == 0 || text[own - 1] == '\n')) text.resize(own);
  return text.empty() ? text : "\nlast lines of " + path + ":\n" + text;
}

}  // namespace

Outcome unprepared(const Attempt& attempt, const Unprepared& why, std::int64_t now_ns) {
  const std::string key = excerpt(why.key, text_bytes_max);
  Outcome outcome = never_started(
      {ErrorCode::invalid_argument, excerpt(why.what, text_bytes_max),
       "\"" + key + "\" in the study's \"environment\", on node " + host_name(), mend_of(key)},
      now_ns);
  outcome.exit_code = why.exit_code;
  outcome.retry_asked = why.exit_code == exit_retry;
  outcome.message += last_lines_of(attempt.paths.directory + "/" + std::string(job_log_name));
  return outcome;
}

}  // namespace hpo::runner
