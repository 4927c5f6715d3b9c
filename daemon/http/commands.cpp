// Requests that change something: from body to Command; the engine decides the rest.
#include <limits>

#include "daemon/http/body.hpp"
#include "daemon/http/handlers.hpp"

namespace hpo::http {
namespace {

using json::Kind;
using json::Node;

// Commands without parameters: the body is empty or {}.
Prepared without_body(const Scope& scope, const Call& call, loop::Command command) {
  auto body = parse_body(call, scope.limits.body_bytes_max, {});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  return command;
}

Node* member(Node& object, std::string_view key) {
  for (json::Member& each : object.members) {
    if (each.key == key) return &each.value;
  }
  return nullptr;
}

Prepared bad_params(const Call& call, const json::Position& at, std::string pointer) {
  return refuse_value(call, at, std::move(pointer),
                      "params are neither an object nor a list of objects",
                      "send {\"params\": {\"lr\": 0.01}}, or a list of such objects");
}

}  // namespace

Prepared pause_study(const Scope& scope, Call&& call) {
  return without_body(scope, call, {.body = loop::PauseStudy{call.study}});
}

Prepared resume_study(const Scope& scope, Call&& call) {
  return without_body(scope, call, {.body = loop::ResumeStudy{call.study}});
}

Prepared cancel_study(const Scope& scope, Call&& call) {
  return without_body(scope, call, {.body = loop::CancelStudy{call.study}});
}

Prepared cancel_trial(const Scope& scope, Call&& call) {
  return without_body(scope, call, {.body = loop::CancelTrial{call.study, call.trial}});
}

Prepared retry_trials(const Scope& scope, Call&& call) {
  auto body = parse_body(call, scope.limits.body_bytes_max, {"trials"});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  loop::RetryTrials retry{.study = call.study};
  const Node* list = std::get<Node>(body).find("trials");
  if (list == nullptr) return loop::Command{.body = std::move(retry)};
  // An empty list would mean "all failed ones" further in: surely not what was meant.
  bool is_legal = list->kind == Kind::array && !list->items.empty();
  for (const Node& item : list->items) {
    is_legal = is_legal && item.kind == Kind::integer && item.integer >= 0 &&
               item.integer <= std::numeric_limits<int>::max();
    if (is_legal) retry.trials.push_back(static_cast<int>(item.integer));
  }
  if (is_legal) return loop::Command{.body = std::move(retry)};
  return refuse_value(call, list->at, "/trials", "trials is no list of trial numbers",
                      "send {\"trials\": [3, 5]}, or {} for all failed ones");
}

Prepared enqueue_trials(const Scope& scope, Call&& call) {
  auto body = parse_body(call, scope.limits.body_bytes_max, {"params"});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  Node& root = std::get<Node>(body);
  Node* params = member(root, "params");
  if (params == nullptr) return bad_params(call, root.at, "");
  loop::EnqueueTrials enqueue{.study = std::move(call.study)};
  if (params->kind == Kind::object) {
    enqueue.params.push_back(std::move(*params));
    return loop::Command{.body = std::move(enqueue)};
  }
  if (params->kind != Kind::array || params->items.empty()) {
    return bad_params(call, params->at, "/params");
  }
  for (std::size_t i = 0; i < params->items.size(); ++i) {
    const Node& item = params->items[i];
    if (item.kind != Kind::object) return bad_params(call, item.at, "/params/" + std::to_string(i));
  }
  enqueue.params = std::move(params->items);
  return loop::Command{.body = std::move(enqueue)};
}

}  // namespace hpo::http
