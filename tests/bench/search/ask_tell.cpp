// Drives a strategy without a daemon: one JSON request a line, one reply a line.
//
//   {"study": {…}}                          -> {"strategy":"tpe","version":1}
//   {"ask": 2}                              -> {"trials":[{"number":0,"params":{…}},…],
//                                               "exhausted":false,"cpu_ms":0.04}
//   {"tell": {"number":0,"value":0.25}}     -> {"finished":1}
//   {"tell": {"number":1,"state":"failed"}} -> {"finished":2}
// The study is a study.json; a second one starts anew. Trials are numbered as the daemon numbers
// them, and may be told in any order. `cpu_ms` is the processor's time for the ask alone. What
// cannot be done is answered by {"error": …}, and the next request is read.
#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>

#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"
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
    const json::Node* number = result.find("number");
    const auto open = std::find_if(open_.begin(), open_.end(), [&](const OpenTrial& trial) {
      return number && number->kind == json::Kind::integer && trial.number == number->integer;
    });
    if (open == open_.end()) {
      return refusal("no open trial has this number", "/tell/number", "tell each trial once");
    }
    auto finished = finished_trial(result);
    if (!finished) return finished.error();
    finished->number = open->number;
    finished->history_seq = history_.history_seq() + 1;
    history_.append(*finished, open->values);
    open_.erase(open);
    return "{\"finished\":" + std::to_string(history_.finished_count()) + "}";
  }

 private:
  static constexpr std::int64_t count_max = 100'000;

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
  int next_number_ = 0;
};

Result<std::string> reply(Session& session, const std::string& line) {
  const auto request = json::parse_own(line, "stdin");
  if (!request) return request.error();
  if (const json::Node* study = request->find("study")) return session.start(*study);
  if (const json::Node* count = request->find("ask")) return session.ask(*count);
  if (const json::Node* result = request->find("tell")) return session.tell(*result);
  return refusal("this is no request", "stdin", "send a study, an ask or a tell");
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
