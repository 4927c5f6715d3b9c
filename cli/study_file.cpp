// A study file on its way to the daemon.
#include "cli/study_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "cli/capture.hpp"
#include "cli/output.hpp"
#include "cli/profiles.hpp"
#include "cli/text.hpp"
#include "executors/runner/files.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

std::string shown_name(const std::string& path) { return path == "-" ? "stdin" : path; }

// One byte past the limit at most, so that the decoder can say that it is too large.
std::string read_all(FILE* file, std::size_t bytes_max) {
  std::string text;
  char buffer[65536];
  for (std::size_t count = 1; count > 0 && text.size() <= bytes_max;) {
    count = std::fread(buffer, 1, sizeof buffer, file);
    text.append(buffer, count);
  }
  return text;
}

Failure cannot_read(const std::string& path, const char* verb, int number) {
  Failure failure = failure_of(runner::file_error("cannot read the study file", path, number));
  failure.exit_code = ExitCode::usage;
  failure.error.remedy = "hpo " + std::string(verb) + " --help shows how a study file is given";
  return failure;
}

constexpr std::string_view unknown_profile = "HPO-E0223";

// A mistake in hpod.json only matters to a study that needs it.
bool lacks_profile(const DecodedStudy& decoded) {
  return std::any_of(decoded.problems.begin(), decoded.problems.end(),
                     [](const Problem& problem) { return problem.code == unknown_profile; });
}

std::size_t errors_in(const DecodedStudy& decoded) {
  return static_cast<std::size_t>(
      std::count_if(decoded.problems.begin(), decoded.problems.end(),
                    [](const Problem& problem) { return problem.severity == Severity::error; }));
}

Failure invalid(const StudyFile& file) {
  const auto first = std::find_if(
      file.decoded.problems.begin(), file.decoded.problems.end(),
      [](const Problem& problem) { return problem.severity == Severity::error; });
  const std::string code = first == file.decoded.problems.end() ? "" : first->code;
  const auto count = static_cast<std::int64_t>(errors_in(file.decoded)) +
                     file.decoded.problems_more;
  return Failure{.exit_code = ExitCode::usage,
                 .error = {.code = ErrorCode::invalid_argument,
                           .what = shown_name(file.path) + " has " + counted(count, "problem"),
                           .where = {},
                           .remedy = "hpo explain " + code},
                 .details = {}};
}

Answer<StudyFile> decoded(std::string path, std::string text) {
  const auto profiles = load_profiles();
  StudyFile study{.path = std::move(path), .text = std::move(text), .decoded = {}};
  study.decoded = decode_study(study.text, {.profiles = profiles ? &*profiles : nullptr});
  if (!profiles && lacks_profile(study.decoded)) return profiles.failure();
  return study;
}

}  // namespace

Answer<StudyFile> read_study_file(const std::string& path, const char* verb) {
  const DecodeOptions options;
  FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "re");
  if (file == nullptr) return cannot_read(path, verb, errno);
  std::string text = read_all(file, options.bytes_max);
  const bool has_failed = std::ferror(file) != 0;
  const int number = errno;
  if (file != stdin) std::fclose(file);
  if (has_failed) return cannot_read(path, verb, number);  // a directory opens, and cannot be read
  return decoded(path, std::move(text));
}

Result<std::string> directory_of_study(const std::string& path) {
  if (path.substr(0, 1) == "/") return directory_of_file(path, "/");
  const auto here = current_directory();
  if (!here) return here.error();
  return directory_of_file(path, *here);
}

Answer<StudyFile> study_with_executor(const std::string& executor) {
  json::Writer writer;
  writer.object().member("name", "doctor").key("space").raw(R"({"x":{"float":[0,1]}})");
  writer.key("objective").raw(R"({"minimize":"value"})").key("command").raw(R"(["true"])");
  writer.member("executor", executor).member("workdir", "/").end();
  return decoded("--executor", std::move(writer).text());
}

Answer<StudySpec> checked_study(const StudyFile& file) {
  if (!file.decoded.problems.empty()) {
    const std::string text = printable(render_all(file.decoded, file.text, shown_name(file.path)));
    std::fflush(stdout);
    std::fwrite(text.data(), 1, text.size(), stderr);
    if (!text.empty() && text.back() != '\n') std::fputc('\n', stderr);
  }
  if (!file.decoded.spec) return invalid(file);
  return *file.decoded.spec;
}

std::string validation_json(const DecodedStudy& decoded) {
  json::Writer writer;
  writer.object().member("valid", decoded.spec.has_value()).key("problems").array();
  for (const Problem& problem : decoded.problems) {
    writer.object()
        .member("code", problem.code)
        .member("pointer", problem.pointer)
        .member("line", problem.line)
        .member("column", problem.column)
        .member("message", problem.message)
        .member("suggestion", problem.suggestion)
        .end();
  }
  writer.end().key("study");
  if (decoded.spec) writer.raw(study_to_json(*decoded.spec)); else writer.null();
  writer.end();
  return std::move(writer).text();
}

}  // namespace hpo::cli
