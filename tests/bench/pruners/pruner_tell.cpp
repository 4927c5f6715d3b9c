// Drives a pruner without a daemon: one JSON request a line, one reply a line.
//
//   {"study": {…}}                                  -> {"pruner":"asha","version":1}
//   {"report": {"trial":0,"step":5,"value":0.8}}    -> {"verdict":"go_on","rung":0,"reason":"…"}
//   {"finished": {"trial":0,"value":0.85}}          -> {}
//   {"finished": {"trial":1,"state":"pruned"}}      -> {}
//   {"take_up": true}                               -> {"trial":2,"rung":0}, or {}
//   {"taken_up": 2}                                 -> {}
// The study is a study.json; a second one starts anew. What cannot be done is answered by
// {"error": …}, and the next request is read.
#include <iostream>
#include <optional>
#include <string>

#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"
#include "strategies/pruners/pruner.hpp"

namespace {

using namespace hpo;

constexpr std::int64_t trial_max = 10'000'000;

Error refusal(std::string what, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(what), "stdin", std::move(remedy)};
}

std::optional<int> trial_of(const json::Node* number) {
  if (!number || number->kind != json::Kind::integer) return std::nullopt;
  if (number->integer < 0 || number->integer > trial_max) return std::nullopt;
  return static_cast<int>(number->integer);
}

class Session {
 public:
  Result<std::string> start(const json::Node& study) {
    const std::string text = json::node_text(study);
    DecodedStudy decoded = decode_study(text, {.comments = false});
    if (!decoded.spec) return refusal(render_all(decoded, text, "study"), "mend it");
    auto pruner = Pruner::make(*decoded.spec);
    if (!pruner) return pruner.error();
    pruner_ = *std::move(pruner);
    json::Writer writer;
    writer.object().member("pruner", decoded.spec->pruner.type);
    return writer.member("version", find_pruner(*decoded.spec)->version).end().text();
  }

  Result<std::string> report(const json::Node& told) {
    const auto trial = trial_of(told.find("trial"));
    const json::Node* step = told.find("step");
    const json::Node* value = told.find("value");
    if (!trial || !step || step->kind != json::Kind::integer || !value || !value->is_number()) {
      return refusal("this is no report", "give trial, step and value");
    }
    const Decision decision =
        pruner_->report({.trial = *trial, .step = step->integer, .value = value->number});
    json::Writer writer;
    writer.object().member("verdict", word(decision.verdict)).member("rung", decision.rung);
    return writer.member("reason", decision.reason).end().text();
  }

  Result<std::string> finished(const json::Node& told) {
    const auto trial = trial_of(told.find("trial"));
    const json::Node* value = told.find("value");
    const auto state = value ? TrialState::completed
                             : from_word<TrialState>(json::text_at(told, "state"));
    if (!trial || !state || !is_finished(*state) || (value && !value->is_number())) {
      return refusal("this says not how a trial ended", "give trial, and a value or a state");
    }
    pruner_->finished(*trial, *state, value ? value->number : 0.0);
    return std::string("{}");
  }

  Result<std::string> take_up() const {
    const auto next = pruner_->take_up();
    if (!next) return std::string("{}");
    json::Writer writer;
    return writer.object().member("trial", next->trial).member("rung", next->rung).end().text();
  }

  Result<std::string> taken_up(const json::Node& number) {
    const auto trial = trial_of(&number);
    if (!trial) return refusal("this is no trial", "give its number");
    pruner_->taken_up(*trial);
    return std::string("{}");
  }

  Result<std::string> reply(const std::string& line) {
    const auto request = json::parse_own(line, "stdin");
    if (!request) return request.error();
    if (const json::Node* study = request->find("study")) return start(*study);
    if (!pruner_) return refusal("there is no study", "send {\"study\": …} first");
    if (const json::Node* told = request->find("report")) return report(*told);
    if (const json::Node* told = request->find("finished")) return finished(*told);
    if (request->find("take_up")) return take_up();
    if (const json::Node* number = request->find("taken_up")) return taken_up(*number);
    return refusal("this is no request", "send a study, report, finished, take_up or taken_up");
  }

 private:
  std::optional<Pruner> pruner_{};
};

std::string error_line(const Error& error) {
  json::Writer writer;
  writer.object().member("error", error.what).member("remedy", error.remedy).end();
  return std::move(writer).text();
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  Session session;
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = session.reply(line);
    std::cout << (answer ? *answer : error_line(answer.error())) << '\n' << std::flush;
  }
}
