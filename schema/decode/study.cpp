// decode_study: the keys of the top level, each handed to its section.
//
// Parse problems end the matter only if the tree is not whole. One thread.
#include <algorithm>
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/profiles.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo {
namespace decode {
namespace {

constexpr std::size_t description_characters_max = 4096;
constexpr std::size_t path_characters_max = 4096;
constexpr std::size_t tags_max = 32;
constexpr std::size_t message_characters_max = 200;
constexpr std::int64_t version = 1;
constexpr Range<int> parallel_range{.low = 1, .high = parallel_max};
constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();
constexpr Range<std::int64_t> seed_range{.low = 0, .high = int64_max};

constexpr std::array<std::string_view, 24> study_keys{
    "$schema", "version", "name", "description", "tags", "space", "space_constraints",
    "objective", "command", "workdir", "strategy", "fidelity", "pruner", "executor", "dispatch",
    "workers", "warm", "environment", "budget", "parallel", "seed", "retry", "initial", "result"};

struct Needed {
  std::string_view key{};
  std::string_view instead{};  // a planned key that takes its place
  std::string_view example{};
};

constexpr Needed needed[] = {
    {"name", "", "\"name\": \"toy\""},
    {"space", "points", "\"space\": {\"lr\": {\"float\": [1e-5, 1e-1], \"log\": true}}"},
    {"objective", "objectives", "\"objective\": {\"minimize\": \"loss\"}"},
    {"command", "script", "\"command\": [\"python3\", \"train.py\"]"},
};

bool is_in(std::string_view word, const std::vector<std::string_view>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void check_needed(const Cursor& root, const std::vector<std::string_view>& meant) {
  const json::Position brace{.offset = root.node().at.offset, .length = 1};
  for (const Needed& need : needed) {
    const bool is_there = root.find(need.key) || is_in(need.key, meant);
    if (is_there || root.find(need.instead)) continue;
    if (need.key == "command" && is_external(root)) continue;  // programs may ask and tell
    root.add_at(brace, "",
                {.code = Code::missing_key,
                 .message = "the study has no " + quoted(need.key),
                 .suggestion = "add " + std::string(need.example)});
  }
}

// Files may leave it out or give it from their own place: `submit` makes it absolute.
void check_workdir(const Cursor& root) {
  const std::string advice = "write \"workdir\": \"/home/you/train\"; hpo submit does so by itself";
  const auto at = root.find("workdir");
  if (!at) {
    root.add_at({.offset = root.node().at.offset, .length = 1}, "/workdir",
                {.code = Code::missing_key, .message = "the study has no \"workdir\"",
                 .suggestion = advice});
  } else if (at->node().kind == json::Kind::string && !at->node().string.starts_with('/')) {
    at->add({.code = Code::relative_workdir, .message = "workdir is not absolute",
             .suggestion = advice});
  }
}

void read_version(const Cursor& at) {
  const auto number = read_integer(at, {.low = -int64_max, .high = int64_max});
  if (!number || *number == version) return;
  at.add({.code = Code::out_of_range,
          .message = "version " + std::to_string(*number) + " of the format is not known here",
          .suggestion = "write 1, or use the hpo that knows it"});
}

void read_tags(const Cursor& at, std::vector<std::string>& out) {
  if (!expect_list(at, {.low = 0, .high = tags_max}, "write [\"calo\", \"2026\"]")) return;
  for (const Cursor& item : at.items()) {
    if (auto tag = read_name(item, NameKind::tag)) out.push_back(*std::move(tag));
  }
}

void read_texts(const Cursor& root, StudySpec& spec) {
  if (const auto at = root.find("$schema")) {
    read_text(*at, {.low = 0, .high = path_characters_max});
  }
  if (const auto at = root.find("version")) read_version(*at);
  if (const auto at = root.find("name")) assign(read_name(*at, NameKind::study), spec.name);
  if (const auto at = root.find("description")) {
    assign(read_text(*at, {.low = 0, .high = description_characters_max}), spec.description);
  }
  if (const auto at = root.find("tags")) read_tags(*at, spec.tags);
  if (const auto at = root.find("workdir")) {
    assign(read_text(*at, {.low = 0, .high = path_characters_max}), spec.workdir);
  }
}

void read_sections(const Cursor& root, StudySpec& spec) {
  if (const auto at = root.find("objective")) decode_objective(*at, spec.objective);
  if (const auto at = root.find("strategy")) decode_strategy(*at, spec.strategy);
  if (const auto at = root.find("fidelity")) decode_fidelity(*at, spec.fidelity);
  if (const auto at = root.find("pruner")) decode_pruner(*at, spec.pruner);
  if (const auto at = root.find("executor")) decode_executor(*at, spec.executor);
  decode_dispatch(root, spec);
  if (const auto at = root.find("warm")) decode_warm(*at, spec);
  if (const auto at = root.find("environment")) {
    decode_environment(*at, !has_no_batch(root), spec.environment);
  }
  if (const auto at = root.find("budget")) decode_budget(*at, spec.budget);
  if (const auto at = root.find("parallel")) assign(read_int(*at, parallel_range), spec.parallel);
  if (const auto at = root.find("seed")) {
    if (const auto seed = read_integer(*at, seed_range)) {
      spec.seed = static_cast<std::uint64_t>(*seed);
    }
  }
  if (const auto at = root.find("retry")) decode_retry(*at, spec.retry);
}

// The space, and what names its parameters.
void read_space(const Cursor& root, StudySpec& spec) {
  const auto space_at = root.find("space");
  auto space = space_at ? decode_space(*space_at) : std::nullopt;
  Names names;
  for (std::size_t i = 0; space_at && i < space_at->node().members.size(); ++i) {
    names.push_back(space_at->node().members[i].key);
  }
  if (const auto at = root.find("command")) decode_command(*at, names, spec.command);
  if (const auto at = root.find("result")) decode_result(*at, names, spec.result);
  const auto constraints = root.find("space_constraints");
  if (constraints && space) decode_constraints(*constraints, *space);
  const auto initial = root.find("initial");
  if (space) spec.space = *std::move(space);
  const auto strategy = root.find("strategy");
  if (strategy && spec.space.size() > 0) decode_grid(*strategy, spec);
  if (initial && spec.space.size() > 0) decode_initial(*initial, spec.space, spec.initial);
}

StudySpec read_study(const Cursor& root, const DecodeOptions& options) {
  StudySpec spec;
  if (!expect_object(root, "write { \"name\": \"toy\", … }")) return spec;
  check_needed(root, check_keys(root, Section::study, study_keys));
  read_texts(root, spec);
  read_sections(root, spec);
  read_space(root, spec);
  if (options.absolute_workdir) check_workdir(root);
  decode_extras(root, spec.extras);
  check_pruning(root, spec);
  check_workers(root, spec);
  check_together(root, spec);
  warn_pruning(root, spec);
  warn_judging(root, spec);
  check_batch(root, spec);
  check_conditional(root, spec);
  return spec;
}

// The parser's messages say how to mend most things themselves.
std::string parse_advice(std::string_view code) {
  if (code == code_text(Code::text_empty)) {
    return "write a study; the explanation shows the smallest";
  }
  if (code == code_text(Code::text_too_large)) return "keep data in files of their own";
  return {};
}

void add_parse_problems(const json::Parsed& parsed, Problems& problems) {
  for (const json::ParseProblem& found : parsed.problems) {
    problems.add_final({.severity = Severity::error, .code = std::string(found.code),
                        .pointer = found.pointer, .at = found.at,
                        .message = clipped(visible(found.message), message_characters_max),
                        .suggestion = parse_advice(found.code)});
  }
  problems.add_unseen(parsed.problems_more);
}

}  // namespace
}  // namespace decode

DecodedStudy decode_study(std::string_view text, const DecodeOptions& options) {
  DecodedStudy out;
  decode::Problems problems(DecodeOptions::problems_max);
  json::Parsed parsed = json::parse(
      text, {.bytes_max = options.bytes_max, .comments = options.comments, .keep_going = true});
  decode::add_parse_problems(parsed, problems);
  if (parsed.is_whole) {
    decode::apply_profile(parsed.root, options.profiles ? *options.profiles : Profiles{}, problems);
    StudySpec spec = decode::read_study(decode::Cursor(parsed.root, problems), options);
    if (!problems.has_errors()) out.spec = std::move(spec);
  }
  std::move(problems).finish(text, out);
  return out;
}

}  // namespace hpo
