// Sends, waits and asks again under the same key; checks that a repeated answer is the same (I13).
//
// The one thread of the simulation.
#include "tests/simulation/client.hpp"

#include <algorithm>

namespace hpo::sim {

void Client::want(loop::Command command) {
  Request request{.key = "key-" + std::to_string(requests_.size())};
  command.key = loop::IdempotencyKey{request.key, "POST", "hash-" + request.key};
  request.command = std::move(command);
  requests_.push_back(std::move(request));
}

bool Client::is_content() const {
  return std::ranges::all_of(requests_, [](const Request& r) { return r.reply || r.refusal; });
}

void Client::daemon_died() {
  ++life_;
  for (Request& request : requests_) request.is_sent = false;
}

void Client::send(loop::CommandSink& sink) {
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    Request& request = requests_[i];
    const bool asks_again = request.reply && !request.is_repeated && chance_.happens(0.05);
    if (request.refusal || request.is_sent || (request.reply && !asks_again)) continue;
    request.is_sent = true;
    request.is_repeated |= asks_again;
    sink.post(request.command, [this, i, life = life_](const Result<loop::Reply>& answer) {
      if (life == life_) answered(i, answer);
    });
    return;
  }
}

void Client::answered(std::size_t index, const Result<loop::Reply>& answer) {
  Request& request = requests_[index];
  request.is_sent = false;
  const bool comes_later = !answer && (answer.error().code == ErrorCode::unavailable ||
                                       answer.error().code == ErrorCode::no_space ||
                                       answer.error().code == ErrorCode::outcome_unknown);
  if (comes_later) return;
  if (request.reply) {
    if (!answer || answer->body != *request.reply) {
      violations_.push_back("I13: " + request.key + " was answered differently the second time");
    }
  } else if (answer) {
    request.reply = answer->body;
  } else {
    request.refusal = answer.error();
  }
}

}  // namespace hpo::sim
