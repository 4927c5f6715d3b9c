// See recorded_study.hpp.
#include "daemon/replay/recorded_study.hpp"

#include <cmath>
#include <istream>
#include <string>

#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"

namespace hpo::replay {
namespace {

constexpr std::size_t page_bytes_max = 64U << 20U;
constexpr std::size_t page_values_max = 8U << 20U;

Error no_export(const std::string& why, int line) {
  return {ErrorCode::invalid_argument, "this is no export of a study: " + why,
          "standard input, line " + std::to_string(line),
          "give it what 'hpo export STUDY' prints, or let 'hpo replay STUDY' do it"};
}

Result<json::Node> read_page(const std::string& text, int line) {
  json::Parsed parsed =
      json::parse(text, {.bytes_max = page_bytes_max, .values_max = page_values_max});
  if (!parsed.problems.empty()) return no_export(parsed.problems.front().message, line);
  return std::move(parsed.root);
}

Result<StudySpec> read_spec(const json::Node& page, int line) {
  const json::Node* study = page.find("study");
  const json::Node* spec = study ? study->find("spec") : nullptr;
  if (!spec) return no_export("it has no study.spec", line);
  DecodedStudy decoded = decode_study(json::node_text(*spec), {.comments = false});
  if (decoded.spec) return *std::move(decoded.spec);
  return no_export("its study.spec cannot be read: " + decoded.problems.front().message, line);
}

Suggestion read_suggestion(const json::Node* node) {
  if (!node || node->kind != json::Kind::object) return {};
  return {.strategy = json::text_at(*node, "strategy"),
          .instead_of = json::text_at(*node, "instead_of"),
          .version = static_cast<int>(json::integer_at(*node, "version")),
          .build = json::text_at(*node, "build"),
          .history_seq = json::integer_at(*node, "history_seq"),
          .model_seq = json::integer_at(*node, "model_seq"),
          .first_number = static_cast<int>(json::integer_at(*node, "first_number")),
          .count = static_cast<int>(json::integer_at(*node, "count"))};
}

Result<RecordedTrial> read_trial(const json::Node& node, const SearchSpace& space, int line) {
  RecordedTrial trial;
  const json::Node* params = node.find("params");
  if (!params) return no_export("a trial has no params", line);
  auto values = params_from_node(space, *params);
  if (!values) return values.error();
  trial.values = *std::move(values);
  const auto state = from_word<TrialState>(json::text_at(node, "state"));
  const auto origin = from_word<Origin>(json::text_at(node, "origin"));
  if (!state || !origin) return no_export("a trial has no state or no origin", line);
  trial.state = *state;
  trial.origin = *origin;
  if (const json::Node* value = node.find("value")) trial.value = value->number;
  const json::Node* seq = node.find("history_seq");
  if (seq && seq->kind == json::Kind::integer) trial.history_seq = seq->integer;
  if (is_finished(*state) && !trial.history_seq) {
    return no_export("a trial has ended and has no history_seq", line);
  }
  trial.suggestion = read_suggestion(node.find("suggestion"));
  return trial;
}

double number_at(const json::Node& node, std::string_view key) {
  const json::Node* found = node.find(key);
  return found && found->is_number() ? found->number : std::nan("");
}

Result<JudgedReport> read_report(const json::Node& node, int line) {
  JudgedReport judged{.report = {.trial = static_cast<int>(json::integer_at(node, "trial")),
                                 .step = json::integer_at(node, "step"),
                                 .value = number_at(node, "value"),
                                 .seq = json::integer_at(node, "seq"),
                                 .attempt = static_cast<int>(json::integer_at(node, "attempt"))}};
  if (judged.report.trial < 0 || judged.report.seq <= 0) {
    return no_export("a report has no trial or no seq", line);
  }
  const json::Node* late = node.find("late");
  judged.report.is_late = late && late->boolean;
  const json::Node* decision = node.find("decision");
  if (!decision || decision->kind != json::Kind::object) return judged;
  const auto verdict = from_word<Verdict>(json::text_at(*decision, "verdict"));
  if (!verdict) return no_export("a decision has no verdict", line);
  const json::Node* rung = decision->find("rung");
  const bool has_rung = rung && rung->kind == json::Kind::integer;
  judged.decision = {*verdict, has_rung ? static_cast<int>(rung->integer) : -1,
                     json::text_at(*decision, "reason")};
  return judged;
}

Result<void> add_reports(const json::Node& reports, RecordedStudy& study, int line) {
  for (const json::Node& node : reports.items) {
    auto report = read_report(node, line);
    if (!report) return report.error();
    study.reports.push_back(*std::move(report));
  }
  return {};
}

Result<void> add_trials(const json::Node& page, RecordedStudy& study, int line) {
  const json::Node* trials = page.find("trials");
  if (!trials) return no_export("a page has no trials", line);
  for (const json::Node& node : trials->items) {
    auto trial = read_trial(node, study.spec.space, line);
    if (!trial) return trial.error();
    study.trials[static_cast<int>(json::integer_at(node, "number"))] = *std::move(trial);
  }
  return {};
}

}  // namespace

Result<RecordedStudy> read_export(std::istream& pages) {
  RecordedStudy study;
  int line = 0;
  for (std::string text; std::getline(pages, text);) {
    const auto page = read_page(text, ++line);
    if (!page) return page.error();
    if (line == 1) {
      auto spec = read_spec(*page, line);
      if (!spec) return spec.error();
      study.spec = *std::move(spec);
      study.history_seq_max = json::integer_at(*page->find("study"), "history_seq");
    }
    const json::Node* reports = page->find("reports");
    const auto added = reports ? add_reports(*reports, study, line)
                               : add_trials(*page, study, line);
    if (!added) return added.error();
  }
  if (line == 0) return no_export("it is empty", 1);
  return study;
}

}  // namespace hpo::replay
