// See protocol.hpp.
#include "daemon/external/protocol.hpp"

#include <algorithm>
#include <array>

#include "executors/runner/text.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo::external {
namespace {

constexpr std::size_t quoted_bytes = 200;
constexpr std::size_t study_bytes_max = 64U << 20U;
constexpr std::size_t study_values_max = 8U << 20U;
constexpr std::array told_keys{"name", "space", "space_constraints", "objective", "strategy",
                               "budget", "parallel", "seed"};

Error bad_reply(const std::string& why, std::string_view line, std::string remedy) {
  return {ErrorCode::corrupt, why + ": " + runner::excerpt(line, quoted_bytes),
          "the reply of the strategy's program", std::move(remedy)};
}

void write_trial(json::Writer& to, const SearchSpace& space, const History& history,
                 std::size_t i) {
  const FinishedTrial& trial = history.finished(i);
  const auto values = history.values(i);
  to.object().member("number", trial.number).member("state", word(trial.state));
  if (trial.state == TrialState::completed) to.member("value", trial.value);
  to.key("params").raw(params_to_json(space, Values(values.begin(), values.end())));
  to.member("origin", word(trial.origin)).end();
}

void write_open(json::Writer& to, const SearchSpace& space, const std::vector<OpenTrial>& open) {
  to.key("open").array();
  for (std::size_t i = open.size() - std::min(open.size(), told_open_max); i < open.size(); ++i) {
    to.object().member("number", open[i].number);
    to.key("params").raw(params_to_json(space, open[i].values)).end();
  }
  to.end();
}

// An object without "error".
Result<json::Node> read_reply(std::string_view line) {
  json::Parsed parsed = json::parse(line, {.bytes_max = reply_bytes_max});
  if (!parsed.problems.empty()) {
    return bad_reply("its reply is no JSON (" +
                         runner::excerpt(parsed.problems.front().message, quoted_bytes) + ")", line,
                     "print one JSON object a line to stdout, and everything else to stderr");
  }
  if (parsed.root.kind != json::Kind::object) {
    return bad_reply("its reply is no JSON object", line, "print {\"proposals\": [ … ]}");
  }
  const json::Node* refusal = parsed.root.find("error");
  if (refusal == nullptr || refusal->kind == json::Kind::null) return std::move(parsed.root);
  return Error{ErrorCode::conflict,
               "it says: " + runner::excerpt(refusal->kind == json::Kind::string
                                                 ? refusal->string
                                                 : json::node_text(*refusal), 2 * quoted_bytes),
               "the reply of the strategy's program", "do what it asks for"};
}

bool is_true(const json::Node& reply, std::string_view key) {
  const json::Node* flag = reply.find(key);
  return flag != nullptr && flag->kind == json::Kind::boolean && flag->boolean;
}

// What a value was, where it was refused: "/lr" of the params.
std::string shown_value(const json::Node& params, const std::string& pointer) {
  for (const json::Member& member : params.members) {
    if ("/" + json::pointer_token(member.key) == pointer) {
      return " = " + runner::excerpt(json::node_text(member.value), quoted_bytes);
    }
  }
  return {};
}

Result<Values> read_values(const SearchSpace& space, const json::Node& item, int number,
                           std::string_view line) {
  const json::Node* params = item.find("params");
  const std::string whose = "its proposal for trial " + std::to_string(number);
  if (params == nullptr) {
    return bad_reply(whose + " has no \"params\"", line, "write {\"params\": {\"name\": value}}");
  }
  auto values = params_from_node(space, *params);
  if (values) return values;
  const Error& error = values.error();
  return bad_reply(whose + " lies outside of the space: " +
                       error.where.substr(std::min<std::size_t>(1, error.where.size())) +
                       shown_value(*params, error.where) + " (" + error.what + "; " +
                       error.remedy + ")",
                   line, "propose what the study's \"space\" allows");
}

Error too_many(std::size_t proposed, int count, std::string_view line) {
  return bad_reply("it proposed " + std::to_string(proposed) + " trials, asked for " +
                   std::to_string(count), line, "propose \"count\" trials at most");
}

}  // namespace

std::string study_line(const StudySpec& spec) {
  const json::Parsed parsed = json::parse(study_to_json(spec), {.bytes_max = study_bytes_max,
                                                                .values_max = study_values_max});
  json::Writer to;
  to.object().member("request", "study").member("version", protocol_version).key("study").object();
  for (const char* key : told_keys) {
    if (const json::Node* node = parsed.root.find(key)) to.key(key).raw(json::node_text(*node));
  }
  return std::move(to.end().end()).text();
}

Told tell_line(const SearchSpace& space, const History& history, std::size_t begin) {
  json::Writer to;
  to.object().member("request", "tell").key("finished").array();
  const std::size_t last = std::min(history.finished_count(), begin + told_trials_max);
  std::size_t i = begin;
  do write_trial(to, space, history, i++);
  while (i < last && to.text().size() < told_bytes_max);
  return {.line = std::move(to.end().end()).text(), .end = i};
}

std::string ask_line(const SearchSpace& space, const History& history, int first_number,
                     int count) {
  json::Writer to;
  to.object().member("request", "ask").member("first_number", first_number);
  to.member("count", count).member("open_count", static_cast<std::int64_t>(history.open().size()));
  write_open(to, space, history.open());
  return std::move(to.end()).text();
}

Result<void> read_done(std::string_view line) {
  const auto reply = read_reply(line);
  if (!reply) return reply.error();
  if (is_true(*reply, "ok")) return {};
  return bad_reply("it answered a \"study\" or \"tell\" without {\"ok\": true}", line,
                   "print {\"ok\": true}, or {\"error\": \"why not\"}");
}

Result<Proposals> read_proposals(const SearchSpace& space, std::string_view line,
                                 const Asked& asked) {
  const auto reply = read_reply(line);
  if (!reply) return reply.error();
  Proposals answer{.proposals = {}, .exhausted = is_true(*reply, "exhausted")};
  const json::Node* list = reply->find("proposals");
  const bool is_said = answer.exhausted || is_true(*reply, "wait");
  if (list == nullptr ? !is_said : list->kind != json::Kind::array) {
    return bad_reply("its reply has no list \"proposals\"", line,
                     "print {\"proposals\": [{\"params\": { … }}]}, {\"wait\": true} or "
                     "{\"exhausted\": true}");
  }
  if (list != nullptr && list->items.size() > static_cast<std::size_t>(asked.count)) {
    return too_many(list->items.size(), asked.count, line);
  }
  const SearchSpace unconstrained = space.constrained({});
  for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
    const int number = asked.first_number + static_cast<int>(i);
    auto values = read_values(unconstrained, list->items[i], number, line);
    if (!values) return values.error();
    answer.proposals.push_back({.number = number, .values = *std::move(values)});
  }
  if (!answer.proposals.empty() || answer.exhausted || asked.is_waiting_allowed) return answer;
  return bad_reply("it waits for results, but no trial is open", line,
                   "propose a trial, or print {\"exhausted\": true}");
}

}  // namespace hpo::external
