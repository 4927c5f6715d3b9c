// See attempt.hpp.
#include "executors/runner/attempt.hpp"

#include <cstdlib>

#include "executors/runner/files.hpp"
#include "executors/runner/placeholders.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"
#include "schema/paths.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t spec_bytes_max = 32U << 20U;  // 512 params and an environment

std::string text_of(const json::Node& value) {
  switch (value.kind) {
    case json::Kind::boolean: return value.boolean ? "true" : "false";
    case json::Kind::integer: return std::to_string(value.integer);
    case json::Kind::number: return json::number_text(value.number);
    case json::Kind::string: return value.string;
    default: return {};
  }
}

Result<std::vector<Param>> params_of(const AttemptSpec& spec, const std::string& where) {
  const auto root = json::parse_own(spec.params, where);
  if (!root) return root.error();
  std::vector<Param> params;
  for (const json::Member& member : root->members) {
    params.push_back({.name = member.key, .text = text_of(member.value)});
  }
  return params;
}

std::map<std::string, std::string> placeholders_of(const Attempt& attempt) {
  const AttemptSpec& spec = attempt.spec;
  std::map<std::string, std::string> names;
  if (spec.fidelity_max) names["fidelity_max"] = std::to_string(*spec.fidelity_max);
  for (const Param& param : attempt.params) names[param.name] = param.text;
  names["params_file"] = attempt.paths.params;
  names["trial"] = std::to_string(spec.trial);
  names["seed"] = std::to_string(spec.seed);
  names["study"] = spec.study;
  names["attempt"] = std::to_string(spec.attempt);
  names["slot"] = std::to_string(spec.slot);
  names["workdir"] = spec.workdir;
  names["trial_dir"] = attempt.paths.directory;
  names["checkpoint_dir"] = attempt.paths.checkpoint;
  return names;
}

// A result.file that cannot be filled in is reported when the command is: same placeholders.
void place_result(Attempt& attempt) {
  if (!attempt.spec.result.file.empty()) {
    auto filled = fill(attempt.spec.result.file, attempt.placeholders);
    const std::string file = filled ? *filled : attempt.spec.result.file;
    attempt.paths.result = absolute(file, attempt.spec.workdir);
  }
  attempt.placeholders["result_file"] = attempt.paths.result;
}

}  // namespace

AttemptPaths paths_in(const std::string& directory, int attempt) {
  return {.directory = directory,
          .spec = directory + "/attempt.json",
          .params = directory + "/params.json",
          .result = directory + "/result.json",
          .metrics = directory + "/" + std::string(metrics_name),
          .stop = directory + "/stop",
          .superseded = directory + "/" + std::string(superseded_name),
          .standard_output = directory + "/stdout",
          .standard_error = directory + "/stderr",
          .checkpoint = parent_of(directory) + "/checkpoint/" + std::to_string(attempt)};
}

Result<Attempt> attempt_of(AttemptSpec spec, const std::string& directory) {
  Attempt attempt{.spec = std::move(spec), .job = {}, .paths = {}, .params = {},
                  .placeholders = {}, .variables = {}};
  attempt.job = attempt.spec.job;
  attempt.paths = paths_in(directory, attempt.spec.attempt);
  auto params = params_of(attempt.spec, attempt.paths.spec);
  if (!params) return params.error();
  attempt.params = *std::move(params);
  attempt.placeholders = placeholders_of(attempt);
  attempt.variables = attempt.spec.secrets;
  for (const auto& entry : attempt.spec.environment) attempt.variables.push_back(entry.first);
  place_result(attempt);
  return attempt;
}

Result<Attempt> load_attempt(const std::string& directory) {
  auto base = absolute_here(directory);
  if (!base) return base.error();
  while (base->size() > 1 && base->back() == '/') base->pop_back();
  const std::string path = *base + "/attempt.json";
  const auto text = read_file(path, spec_bytes_max);
  if (!text) return text.error();
  auto spec = attempt_spec_from_json(*text);
  if (!spec) return spec.error();
  auto attempt = attempt_of(*std::move(spec), *base);
  // The submission that started us knows its name best: attempt.json may be a later one's.
  const char* job = std::getenv("HPO_JOB");
  if (attempt && job != nullptr && *job != '\0') attempt->job = job;
  return attempt;
}

}  // namespace hpo::runner
