// See profiles.hpp.
#include "cli/profiles.hpp"

#include "executors/runner/files.hpp"
#include "schema/json/utf8.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t file_bytes_max = 1U << 20U;  // as hpod has it

// What is no JSON at all has no profiles either.
std::string unreadable(const json::ParseProblem& found, const std::string& text,
                       const std::string& path) {
  const json::Place place = json::place_of(text, found.at.offset);
  const Problem problem{.code = std::string(found.code), .pointer = found.pointer, .at = found.at,
                        .line = place.line, .column = place.column, .message = found.message};
  return render(problem, text, path);
}

std::string add_profiles(const std::string& text, const std::string& path, Profiles& out) {
  const json::Parsed parsed = json::parse(text, {.comments = true});
  if (!parsed.problems.empty()) return unreadable(parsed.problems.front(), text, path);
  return read_profiles(parsed.root, text, path, out);
}

}  // namespace

Answer<Profiles> load_profiles() {
  Profiles profiles;
  for (const std::string& path : {std::string(site_config_path), user_config_path()}) {
    const auto text = runner::read_file(path, file_bytes_max);
    if (!text && text.error().code == ErrorCode::not_found) continue;
    if (!text) return failure_of(text.error());
    const std::string errors = add_profiles(*text, path, profiles);
    if (errors.empty()) continue;
    return Failure{.exit_code = ExitCode::usage,
                   .error = {.code = ErrorCode::invalid_argument,
                             .what = "the profiles of hpod.json cannot be used", .where = path,
                             .remedy = "hpo daemon config"},
                   .details = errors};
  }
  return profiles;
}

}  // namespace hpo::cli
