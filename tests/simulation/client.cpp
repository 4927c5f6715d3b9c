// Sends, waits and asks again under the same key; checks that a repeated answer is the same and
// that a key serves one body alone (I13).
//
// The one thread of the simulation.
#include "tests/simulation/client.hpp"

#include <algorithm>

namespace hpo::sim {
namespace {

constexpr double asks_again = 0.05;    // of the answered requests, for each sending
constexpr double misuses_key = 0.02;
constexpr double loses_reply = 0.05;

std::string_view told(const Error& error) {
  if (error.code == ErrorCode::no_space) return "told that the disk is full";
  if (error.code == ErrorCode::outcome_unknown) return "told that the outcome is unknown";
  return error.where == "inbox" ? "told that the inbox is full" : "told to come later";
}

bool comes_later(const Result<loop::Reply>& answer) {
  return !answer && (answer.error().code == ErrorCode::unavailable ||
                     answer.error().code == ErrorCode::no_space ||
                     answer.error().code == ErrorCode::outcome_unknown);
}

}  // namespace

void Client::want(decltype(loop::Command::body) body) {
  Request request{.key = "key-" + std::to_string(requests_.size())};
  request.command = {loop::IdempotencyKey{request.key, "POST", "hash-" + request.key},
                     std::move(body)};
  requests_.push_back(std::move(request));
}

bool Client::is_content() const {
  return std::ranges::all_of(requests_, [](const Request& r) { return r.reply || r.refusal; });
}

void Client::meet(loop::CommandSink& sink, std::function<std::int64_t()> committed_seq) {
  sink_ = &sink;
  committed_seq_ = std::move(committed_seq);
}

void Client::daemon_died() {
  ++life_;
  sink_ = nullptr;
  under_way_ = 0;
  for (Request& request : requests_) request.is_sent = false;
}

bool Client::is_due(Request& request) {
  if (request.refusal || request.is_sent) return false;
  if (!request.reply) return true;
  if (!request.is_repeated && chance_.happens(asks_again)) return request.is_repeated = true;
  return false;
}

void Client::send() {
  if (!sink_) return;
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    Request& request = requests_[i];
    const bool misuses = request.reply && !request.is_misused && chance_.happens(misuses_key);
    if (misuses) return misuse(request);
    if (is_due(request)) return send(i);
  }
}

void Client::send_all() {
  for (std::size_t i = 0; sink_ && i < requests_.size(); ++i) {
    if (is_due(requests_[i])) send(i);
  }
}

void Client::send(std::size_t index) {
  Request& request = requests_[index];
  request.is_sent = true;
  if (request.sent_seq < 0) request.sent_seq = committed_seq_();
  ++under_way_;
  sink_->post(request.command, [this, index, life = life_](const Result<loop::Reply>& answer) {
    if (life != life_) return;
    --under_way_;
    answered(index, answer);
  });
  under_way_max_ = std::max(under_way_max_, under_way_);
}

void Client::misuse(Request& request) {
  request.is_misused = true;
  loop::Command other = request.command;
  other.key->body_hash += " of another body";
  sink_->post(other, [this, key = request.key, life = life_](const Result<loop::Reply>& answer) {
    if (life != life_ || comes_later(answer)) return;
    ++counts_["key refused for another body"];
    const bool is_refused = !answer && answer.error().code == ErrorCode::invalid_argument;
    if (!is_refused) violations_.push_back("I13: " + key + " was accepted with another body");
  });
}

void Client::answered_again(const Request& request, const Result<loop::Reply>& answer) {
  const std::string& before = request.reply ? *request.reply : *request.lost_reply;
  ++counts_[request.reply ? "reply repeated" : "lost reply repeated"];
  if (answer && answer->body == before) return;
  violations_.push_back("I13: " + request.key + " was answered differently the second time");
}

void Client::answered(std::size_t index, const Result<loop::Reply>& answer) {
  Request& request = requests_[index];
  request.is_sent = false;
  if (comes_later(answer)) {
    ++counts_[std::string(told(answer.error()))];
    return;
  }
  if (request.reply || request.lost_reply) answered_again(request, answer);
  if (request.reply) return;
  if (!answer) {
    request.refusal = answer.error();
    return;
  }
  if (!request.lost_reply && chance_.happens(loses_reply)) {
    request.lost_reply = answer->body;  // it was on its way when the connection broke
    return;
  }
  request.reply = answer->body;
  request.created = answer->created;
  request.acked_seq = committed_seq_();
}

}  // namespace hpo::sim
