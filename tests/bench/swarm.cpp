// A worker process with pretended trainings: timers instead of processes, all else as hpo worker.
//
//   swarm STUDY NAME SLOTS SECONDS FILE
// Pulls the study's trials from the daemon of $HPO_STATE_DIR by the worker's own lease book,
// messages and channel, until the study has ended. Writes into FILE what it has trained (see
// pretended_slots.hpp), and prints how many exchanges that took, and how long each was on its way
// when it did not wait for a trial.
#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include "cli/api_client.hpp"
#include "cli/worker/assignment.hpp"
#include "cli/worker/channel.hpp"
#include "cli/worker/lease_book.hpp"
#include "tests/bench/pretended_slots.hpp"
#include "tests/bench/stopwatch.hpp"

namespace {

using namespace hpo::bench;
using namespace hpo::cli::worker;
using namespace std::chrono_literals;

constexpr int conflict = 409;  // it has ended
constexpr Instant look_every = 10s;

[[noreturn]] void give_up(const std::string& what) {
  std::cerr << "swarm: " << what << '\n';
  std::exit(1);
}

Instant now() { return Clock::now().time_since_epoch(); }

Assignment ask_for_work(const std::string& study) {
  auto client = hpo::cli::connect(hpo::cli::Context{});
  if (!client) give_up(client.failure().error.what);
  const auto reply = client->get(hpo::cli::study_target(study) + "/work");
  if (!reply) give_up(reply.failure().error.what);
  auto assignment = assignment_from_json(reply->body);
  if (!assignment) give_up(assignment.error().what);
  return *std::move(assignment);
}

class Swarm {
 public:
  Swarm(const Assignment& assignment, const std::string& target, int slots, Instant length)
      : book_({.slots = slots}, assignment.state, assignment.lease), channel_(target, {}),
        slots_(length) {}

  void work() {
    while (!book_.is_done(now())) {
      for (const Action& action : book_.take_actions(now())) carry_out(action);
      if (book_.interrupts_wait()) {
        channel_.close();
        book_.withdrawn();
      }
      speak();
      if (book_.is_done(now())) break;
      wait();
      for (EndedTrial& each : slots_.take_ends(now())) {
        book_.ended(each.key, std::move(each.outcome), now());
      }
    }
  }

  const PretendedSlots& slots() const { return slots_; }
  const std::vector<double>& exchanges_ms() const { return exchanges_ms_; }

 private:
  // Told to end, a training goes on: it is short.
  void carry_out(const Action& action) {
    const auto* begin = std::get_if<Begin>(&action);
    if (begin != nullptr) slots_.begin(begin->trial.key, begin->slot, now());
  }

  void speak() {
    const auto request = book_.next_request(now());
    if (!request) return;
    if (const auto failure = channel_.post(to_json(*request))) give_up(failure->error.what);
    sent_at_ = now();
  }

  // To the nanosecond: a training that ends late would be the swarm's doing.
  void wait() {
    const Instant next = std::min({book_.wake_at(now()), slots_.next_end(), now() + look_every});
    const Instant left = std::max<Instant>(next - now(), 0ns);
    const timespec timeout{.tv_sec = left / 1s, .tv_nsec = (left % 1s).count()};
    pollfd fd{.fd = channel_.fd(), .events = channel_.events(), .revents = 0};
    if (::ppoll(&fd, 1, &timeout, nullptr) > 0) take_answer();
  }

  void take_answer() {
    const Transport::Progress progress = channel_.go_on();
    if (progress == Transport::Progress::waiting) return;
    if (progress == Transport::Progress::broken) give_up(channel_.why_broken());
    if (!book_.is_waiting()) {
      exchanges_ms_.push_back(std::chrono::duration<double, std::milli>(now() - sent_at_).count());
    }
    const HttpReply reply = channel_.take_reply();
    if (reply.status == conflict) return book_.study_is_gone();
    if (reply.status != 200) give_up("unexpected answer: " + reply.body);
    const auto read = reply_from_json(reply.body);
    if (!read) give_up(read.error().what);
    book_.answered(*read, now());
  }

  LeaseBook book_;
  Channel channel_;
  PretendedSlots slots_;
  Instant sent_at_{};
  std::vector<double> exchanges_ms_{};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) give_up("STUDY NAME SLOTS SECONDS FILE");
  const auto start = Clock::now();
  const std::string study = argv[1];
  const std::string target =
      hpo::cli::study_target(study) + "/workers/" + argv[2] + ":exchange";
  const Instant length = std::chrono::duration_cast<Instant>(
      std::chrono::duration<double>(std::atof(argv[4])));
  Swarm swarm(ask_for_work(study), target, std::atoi(argv[3]), length);
  swarm.work();
  std::FILE* file = std::fopen(argv[5], "w");
  if (file == nullptr) give_up(std::string("cannot write ") + argv[5]);
  swarm.slots().write(file);
  if (std::fclose(file) != 0) give_up(std::string("cannot write ") + argv[5]);
  print_latencies(swarm.exchanges_ms(), seconds_since(start));
}
