// Requests of workers: from body to Command. The first thing that is wrong is the refusal.
#include <algorithm>
#include <cmath>
#include <limits>

#include "daemon/http/body.hpp"
#include "daemon/http/handlers.hpp"
#include "schema/codec/codec.hpp"

namespace hpo::http {
namespace {

using json::Kind;
using json::Node;

constexpr std::int64_t int_max = std::numeric_limits<int>::max();
constexpr std::int64_t fence_max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t slots_max = 100'000;
constexpr std::int64_t wait_ms_max = 20'000;    // below the time in which a request is answered
constexpr std::size_t listed_max = 100'000;     // trials in one list
constexpr std::size_t metrics_max = 64;         // of one report
constexpr std::size_t metric_name_bytes_max = 256;
constexpr std::int64_t step_max = std::int64_t{1} << 53U;
constexpr std::size_t message_bytes_max = 1U << 16U;
constexpr std::size_t text_bytes_max = 1U << 10U;
constexpr std::size_t place_bytes_max = 1U << 13U;  // a path, behind a host's name

struct Bounds {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// Some write 3 as 3.0: JSON does not tell them apart, and metrics files take both.
std::optional<std::int64_t> whole(const Node& node) {
  if (node.kind == Kind::integer) return node.integer;
  const bool is_whole = node.kind == Kind::number && node.number == std::floor(node.number) &&
                        std::abs(node.number) <= static_cast<double>(step_max);
  return is_whole ? std::optional(static_cast<std::int64_t>(node.number)) : std::nullopt;
}

class Reading {
 public:
  explicit Reading(const Call& call) : call_(call) {}

  std::int64_t integer(const Node& object, const std::string& pointer, const char* key,
                       Bounds bounds, std::optional<std::int64_t> otherwise) {
    const Node* node = object.find(key);
    if (node == nullptr && otherwise) return *otherwise;
    const auto number = node ? whole(*node) : std::nullopt;
    if (number && *number >= bounds.low && *number <= bounds.high) return *number;
    refuse(node ? *node : object, pointer + (node ? "/" + std::string(key) : ""),
           std::string(key) + (node ? " is no whole number in its range" : " is missing"),
           "send one from " + std::to_string(bounds.low) + " to " + std::to_string(bounds.high));
    return bounds.low;
  }

  loop::Held lease(const Node& node, const std::string& pointer) {
    if (node.kind != Kind::object) {
      refuse(node, pointer, "a lease is no object", "send {\"trial\": 7, \"fence\": 1}");
      return {};
    }
    const Node* is_loading = node.find("is_loading");
    return {static_cast<int>(integer(node, pointer, "trial", {0, int_max}, {})),
            integer(node, pointer, "fence", {1, fence_max}, {}),
            is_loading != nullptr && is_loading->boolean};
  }

  Outcome outcome(const Node& object, const std::string& pointer) {
    const Node* node = object.find("outcome");
    if (node == nullptr || node->kind != Kind::object) {
      refuse(node ? *node : object, pointer + (node ? "/outcome" : ""), "it has no outcome",
             "send {\"outcome\": {\"status\": \"completed\", \"value\": 0.1}}");
      return {};
    }
    auto read = outcome_from_json(json::node_text(*node));
    if (!read) {
      refuse(*node, pointer + "/outcome", read.error().what,
             "send {\"status\": \"completed\", \"value\": 0.1}, or another status");
      return {};
    }
    if (read->message.size() > message_bytes_max) read->message.resize(message_bytes_max);
    if (read->place.size() > place_bytes_max) read->place.resize(place_bytes_max);
    return *std::move(read);
  }

  // Of a report; null stands for what is no finite number.
  std::map<std::string, double> metrics(const Node& object, const std::string& pointer) {
    std::map<std::string, double> metrics;
    const Node* node = object.find("metrics");
    bool is_legal = node != nullptr && node->kind == Kind::object &&
                    node->members.size() <= metrics_max;
    for (std::size_t i = 0; is_legal && i < node->members.size(); ++i) {
      const json::Member& member = node->members[i];
      is_legal = (member.value.is_number() || member.value.kind == Kind::null) &&
                 member.key.size() <= metric_name_bytes_max;
      metrics[member.key] = member.value.is_number() ? member.value.number : std::nan("");
    }
    if (is_legal) return metrics;
    refuse(node ? *node : object, pointer + (node ? "/metrics" : ""),
           "a report has no metrics, or more than " + std::to_string(metrics_max) +
               ", or one that is no number",
           "send {\"metrics\": {\"loss\": 0.4}}; null is what is not finite");
    return {};
  }

  loop::Reported reported(const Node& object, const std::string& pointer, loop::Held lease) {
    return {lease, integer(object, pointer, "step", {0, step_max}, {}), metrics(object, pointer),
            text(object, pointer, "unread"), text(object, pointer, "skipped"),
            static_cast<int>(integer(object, pointer, "left_out", {0, int_max}, 0))};
  }

  // What a worker found in a metrics file in the place of a report, or left out of it.
  std::string text(const Node& object, const std::string& pointer, const std::string& name) {
    const Node* node = object.find(name);
    if (node == nullptr) return {};
    if (node->kind == Kind::string && node->string.size() <= text_bytes_max) return node->string;
    refuse(*node, pointer + "/" + name, name + " is no text, or too long a one",
           "send at most " + std::to_string(text_bytes_max) + " bytes, or leave it out");
    return {};
  }

  // Each of the lease that it names, or all of `lease`.
  std::vector<loop::Reported> reports(const Node& root, std::optional<loop::Held> lease) {
    std::vector<loop::Reported> all;
    const std::string shape = lease ? "{\"step\": 3, \"metrics\": {\"loss\": 0.4}}"
                                    : "{\"trial\": 7, \"fence\": 1, \"step\": 3, "
                                      "\"metrics\": {\"loss\": 0.4}}";
    const Node* node = list(root, "reports", shape);
    for (std::size_t i = 0; node != nullptr && i < node->items.size(); ++i) {
      const Node& item = node->items[i];
      const std::string pointer = "/reports/" + std::to_string(i);
      if (item.kind != Kind::object) {
        refuse(item, pointer, "a report is no object", "send " + shape);
        break;
      }
      all.push_back(reported(item, pointer, lease ? *lease : this->lease(item, pointer)));
    }
    return all;
  }

  // nullptr: it is not there. `shape`: an item of it, for whoever sent another thing.
  const Node* list(const Node& object, const char* key, const std::string& shape) {
    const Node* node = object.find(key);
    const bool is_legal = node == nullptr ||
                          (node->kind == Kind::array && node->items.size() <= listed_max);
    if (is_legal) return node;
    refuse(*node, "/" + std::string(key), std::string(key) + " is no list, or too long a one",
           "send a list of at most " + std::to_string(listed_max) + ": [" + shape + "]");
    return nullptr;
  }

  std::vector<loop::Held> leases(const Node& root, const char* key) {
    std::vector<loop::Held> leases;
    const Node* node = list(root, key, "{\"trial\": 7, \"fence\": 1}");
    for (std::size_t i = 0; node != nullptr && i < node->items.size(); ++i) {
      leases.push_back(lease(node->items[i], "/" + std::string(key) + "/" + std::to_string(i)));
    }
    return leases;
  }

  std::vector<loop::Told> ended(const Node& root) {
    std::vector<loop::Told> all;
    const Node* node = list(root, "ended", "{\"trial\": 7, \"fence\": 1, \"outcome\": "
                                           "{\"status\": \"completed\", \"value\": 0.1}}");
    for (std::size_t i = 0; node != nullptr && i < node->items.size(); ++i) {
      const std::string pointer = "/ended/" + std::to_string(i);
      loop::Told told{.lease = lease(node->items[i], pointer)};
      if (!refusal_) told.outcome = outcome(node->items[i], pointer);
      all.push_back(std::move(told));
    }
    return all;
  }

  Prepared prepared(decltype(loop::Command::body) body) {
    if (refusal_) return *std::move(refusal_);
    return loop::Command{.body = std::move(body)};
  }

  bool is_refused() const { return refusal_.has_value(); }

  void refuse(const Node& node, std::string pointer, std::string message, std::string remedy) {
    if (refusal_) return;
    refusal_ = refuse_value(call_, node.at, std::move(pointer), std::move(message),
                            std::move(remedy));
  }

 private:
  const Call& call_;
  std::optional<Response> refusal_{};
};

std::string worker_name(Reading& reading, const Node& root) {
  const Node* node = root.find("worker");
  if (node == nullptr) return "ask";
  if (node->kind == Kind::string && is_study_name(node->string)) return node->string;
  reading.refuse(*node, "/worker", "that is no worker's name", std::string(name_rule));
  return "ask";
}

std::chrono::milliseconds wait_of(Reading& reading, const Node& root) {
  return std::chrono::milliseconds(reading.integer(root, "", "wait_ms", {0, wait_ms_max}, 0));
}

}  // namespace

Prepared exchange(const Scope& scope, Call&& call) {
  auto body = parse_body(call, scope.limits.body_bytes_max,
                         {"slots", "holds", "ended", "started", "returned", "reports", "start",
                          "ahead", "wait_ms"});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  const Node& root = std::get<Node>(body);
  Reading reading(call);
  loop::Exchange said{.study = call.study, .worker = call.worker,
                      .has_hung_up = call.has_hung_up};
  said.slots = static_cast<int>(reading.integer(root, "", "slots", {1, slots_max}, 1));
  if (root.find("holds")) said.holds = reading.leases(root, "holds");
  said.reports = reading.reports(root, {});
  said.ended = reading.ended(root);
  said.started = reading.leases(root, "started");
  said.returned = reading.leases(root, "returned");
  said.start = static_cast<int>(reading.integer(root, "", "start", {0, slots_max}, 0));
  said.ahead = static_cast<int>(reading.integer(root, "", "ahead", {0, slots_max}, 0));
  said.wait = wait_of(reading, root);
  return reading.prepared(std::move(said));
}

Prepared ask_trials(const Scope& scope, Call&& call) {
  auto body = parse_body(call, scope.limits.body_bytes_max, {"worker", "count", "wait_ms"});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  const Node& root = std::get<Node>(body);
  Reading reading(call);
  loop::Exchange said{.study = call.study, .worker = worker_name(reading, root),
                      .has_hung_up = call.has_hung_up};
  said.start = static_cast<int>(reading.integer(root, "", "count", {1, 1000}, 1));
  said.slots = said.start;
  said.wait = wait_of(reading, root);
  return reading.prepared(std::move(said));
}

Prepared report_trial(const Scope& scope, Call&& call) {
  auto body = parse_body(call, scope.limits.body_bytes_max,
                         {"fence", "step", "metrics", "reports"});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  const Node& root = std::get<Node>(body);
  Reading reading(call);
  const loop::Held lease{call.trial, reading.integer(root, "", "fence", {1, fence_max}, {})};
  auto reports = reading.reports(root, lease);
  if (root.find("step") || root.find("metrics")) {
    reports.push_back(reading.reported(root, "", lease));
  }
  return reading.prepared(loop::RenewLease{call.study, lease, std::move(reports)});
}

Prepared tell_trial(const Scope& scope, Call&& call) {
  auto body = parse_body(call, scope.limits.body_bytes_max, {"fence", "outcome"});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  const Node& root = std::get<Node>(body);
  Reading reading(call);
  const auto fence = reading.integer(root, "", "fence", {1, fence_max}, {});
  Outcome outcome = reading.is_refused() ? Outcome{} : reading.outcome(root, "");
  return reading.prepared(loop::TellTrial{call.study, {{call.trial, fence}, std::move(outcome)}});
}

}  // namespace hpo::http
