// hpo replay STUDY: hpod asks the study's strategy again, since strategies are in hpod alone.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>

#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/programs.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/files.hpp"

namespace hpo::cli {
namespace {

// As pages of their own, in the order in which they came.
std::optional<Failure> write_reports(ApiClient& client, const std::string& study,
                                     std::FILE* file) {
  std::int64_t after = -1;
  while (true) {
    const auto page = client.get(study_target(study) + "/reports?after=" + std::to_string(after));
    if (!page) return page.failure();
    const auto& reports = member(page->json, "reports").items;
    if (reports.empty()) return std::nullopt;
    after = integer_of(member(reports.back(), "seq"));
    (void)!std::fprintf(file, "%s\n", to_json(page->json).c_str());  // ferror() tells below
  }
}

// Onto the standard input of what we become.
std::optional<Failure> write_pages(ApiClient& client, const std::string& study, std::FILE* file) {
  const auto done = each_page(client, study_target(study) + "/export", [&](const json::Node& page) {
    const std::string line = to_json(page) + "\n";
    return std::fwrite(line.data(), 1, line.size(), file) == line.size();
  });
  if (!done) return done.failure();
  if (const auto failure = write_reports(client, study, file)) return failure;
  const bool is_ready = std::fflush(file) == 0 && std::ferror(file) == 0 &&
                        ::lseek(::fileno(file), 0, SEEK_SET) == 0 &&
                        ::dup2(::fileno(file), STDIN_FILENO) == STDIN_FILENO;
  if (is_ready) return std::nullopt;
  return failure_of(runner::file_error("cannot keep the study for its replay", "/tmp", errno));
}

}  // namespace

ExitCode replay(Arguments& arguments, const Context& context) {
  std::string study;
  bool as_json = false;
  arguments.positional("STUDY", study, "its name").json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const auto program = find_hpod();
  if (!program) return tell(failure_of(program.error()), context.terminal);
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  std::FILE* const file = std::tmpfile();
  if (file == nullptr) {
    return tell(failure_of(runner::file_error("cannot make a file", "/tmp", errno)),
                context.terminal);
  }
  if (const auto failure = write_pages(*client, study, file)) {
    return tell(*failure, context.terminal);
  }
  return tell(failure_of(become_hpod(*program, as_json ? "--replay=json" : "--replay=text")),
              context.terminal);
}

}  // namespace hpo::cli
