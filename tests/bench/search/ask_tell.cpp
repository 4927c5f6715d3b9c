// Drives a strategy without a daemon: one JSON request a line, one reply a line.
//
//   {"study": {…}}                          -> {"strategy":"tpe","version":1}
//   {"ask": 2}                              -> {"trials":[{"number":0,"params":{…}},…],
//                                               "exhausted":false,"cpu_ms":0.04}
//   {"tell": {"number":0,"value":0.25}}     -> {"finished":1}
//   {"tell": {"number":1,"state":"failed"}} -> {"finished":2}
//   {"report": {"number":0,"step":5,"value":0.5}} -> {"rungs":1}: told so far, with "fidelity"
//   {"instead": {"number":0,"params":{…}}}  -> {}: these are carried out, not those proposed
// The study is a study.json; a second one starts anew. Trials are numbered as the daemon numbers
// them, and may be told in any order. `cpu_ms` is the processor's time for the ask alone. What
// cannot be done is answered by {"error": …}, and the next request is read.
#include <algorithm>
#include <ctime>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"
#include "schema/rungs.hpp"
#include "strategies/strategy.hpp"

namespace {

using namespace hpo;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

Error refusal(std::string what, std::string where, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(what), std::move(where), std::move(remedy)};
}

std::string error_line(const Error& error) {
  json::Writer writer;
  writer.object().member("error", error.what).member("where", error.where);
  writer.member("remedy", error.remedy).end();
  return std::move(writer).text();
}

// One study: what the daemon's ledger knows of it, as far as a strategy can see.
class Session {
 public:
  Result<std::string> start(const json::Node& study) {
    const std::string text = json::node_text(study);
    DecodedStudy decoded = decode_study(text, {.comments = false});
    if (!decoded.spec) return refusal(render_all(decoded, text, "study"), "/study", "");
    const auto entry = find_strategy(*decoded.spec);
    if (!entry) return entry.error();
    auto strategy = entry->make(*decoded.spec);
    if (!strategy) return strategy.error();
    space_ = decoded.spec->space;
    strategy_ = *std::move(strategy);
    history_ = History(space_.size());
    rungs_ = decoded.spec->fidelity ? rung_steps(*decoded.spec->fidelity)
                                    : std::vector<std::int64_t>{};
    last_steps_.clear();
    open_.clear();
    next_number_ = 0;
    json::Writer writer;
    writer.object().member("strategy", entry->name).member("version", entry->version).end();
    return std::move(writer).text();
  }

  Result<std::string> ask(const json::Node& count) {
    if (!strategy_) return refusal("there is no study", "/ask", "send {\"study\": …} first");
    if (count.kind != json::Kind::integer || count.integer < 1 || count.integer > count_max) {
      return refusal("this is no number of trials", "/ask",
                     "ask for 1 to " + std::to_string(count_max));
    }
    history_.set_open(open_);
    const double start = cpu_ms();
    const auto answer = strategy_->ask(history_, next_number_, static_cast<int>(count.integer));
    const double took = cpu_ms() - start;
    if (!answer) return answer.error();
    return answer_line(*answer, took);
  }

  Result<std::string> tell(const json::Node& result) {
    const auto open = open_trial(result);
    if (open == open_.end()) return not_open("/tell/number");
    auto finished = finished_trial(result);
    if (!finished) return finished.error();
    finished->number = open->number;
    finished->history_seq = history_.seen_seq() + 1;
    history_.append(*finished, open->values);
    open_.erase(open);
    return "{\"finished\":" + std::to_string(history_.finished_count()) + "}";
  }

  Result<std::string> report(const json::Node& told) {
    const auto open = open_trial(told);
    if (open == open_.end()) return not_open("/report/number");
    const json::Node* step = told.find("step");
    const json::Node* value = told.find("value");
    if (!step || step->kind != json::Kind::integer || !value || !value->is_number()) {
      return refusal("this is no report", "/report", "give number, step and value");
    }
    const Report report{.trial = open->number, .step = step->integer, .value = value->number,
                        .seq = history_.seen_seq() + 1};
    std::int64_t& last = last_steps_.try_emplace(open->number, -1).first->second;
    for (const RungValue& each : values_at_rungs(rungs_, last, report)) history_.append(each);
    last = std::max(last, report.step);
    return "{\"rungs\":" + std::to_string(history_.rung_value_count()) + "}";
  }

  Result<std::string> instead(const json::Node& chosen) {
    const auto open = open_trial(chosen);
    if (open == open_.end()) return not_open("/instead/number");
    const json::Node* params = chosen.find("params");
    if (!params) return refusal("there are no params", "/instead", "give number and params");
    auto values = params_from_node(space_, *params);
    if (!values) return values.error();
    open->values = *std::move(values);
    return std::string("{}");
  }

 private:
  static constexpr std::int64_t count_max = 100'000;

  std::vector<OpenTrial>::iterator open_trial(const json::Node& request) {
    const json::Node* number = request.find("number");
    return std::find_if(open_.begin(), open_.end(), [&](const OpenTrial& trial) {
      return number && number->kind == json::Kind::integer && trial.number == number->integer;
    });
  }

  static Error not_open(std::string where) {
    return refusal("no open trial has this number", std::move(where), "tell each trial once");
  }

  static Result<FinishedTrial> finished_trial(const json::Node& result) {
    const json::Node* value = result.find("value");
    if (value && value->is_number()) return FinishedTrial{.value = value->number};
    const auto state = from_word<TrialState>(json::text_at(result, "state"));
    if (state && is_finished(*state) && *state != TrialState::completed) {
      return FinishedTrial{.state = *state};
    }
    return refusal("this says not how the trial ended", "/tell",
                   "add a finite \"value\", or a \"state\": pruned, infeasible, failed, cancelled");
  }

  std::string answer_line(const Proposals& answer, double took_ms) {
    json::Writer writer;
    writer.object().key("trials").array();
    for (const Proposal& proposal : answer.proposals) {
      writer.object().member("number", proposal.number);
      writer.key("params").raw(params_to_json(space_, proposal.values)).end();
      open_.push_back({.number = proposal.number, .values = proposal.values});
      next_number_ = proposal.number + 1;
    }
    writer.end().member("exhausted", answer.exhausted).member("cpu_ms", took_ms).end();
    return std::move(writer).text();
  }

  SearchSpace space_{};
  std::unique_ptr<Strategy> strategy_{};
  History history_{};
  std::vector<OpenTrial> open_{};
  std::vector<std::int64_t> rungs_{};
  std::map<int, std::int64_t> last_steps_{};
  int next_number_ = 0;
};

Result<std::string> reply(Session& session, const std::string& line) {
  const auto request = json::parse_own(line, "stdin");
  if (!request) return request.error();
  if (const json::Node* study = request->find("study")) return session.start(*study);
  if (const json::Node* count = request->find("ask")) return session.ask(*count);
  if (const json::Node* result = request->find("tell")) return session.tell(*result);
  if (const json::Node* told = request->find("report")) return session.report(*told);
  if (const json::Node* chosen = request->find("instead")) return session.instead(*chosen);
  return refusal("this is no request", "stdin", "send a study, ask, tell, report or instead");
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  Session session;
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = reply(session, line);
    std::cout << (answer ? *answer : error_line(answer.error())) << '\n' << std::flush;
  }
}
