// Following a study: state first, then its events by long-poll, each told once.
#include "cli/watch_study.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "cli/diagnosis.hpp"
#include "cli/event_feed.hpp"
#include "cli/health.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/report_feed.hpp"
#include "cli/screen.hpp"
#include "cli/status_text.hpp"
#include "cli/text.hpp"
#include "cli/watch_frame.hpp"

namespace hpo::cli {
namespace {

constexpr int frame_interval_ms = 100;   // ten frames a second at most
constexpr int tty_wait_s = 1;            // the clock on the screen goes on without events
constexpr int pipe_wait_s = 20;
constexpr double away_max_s = 15;        // of the daemon: long enough for a start
constexpr std::size_t curve_trials_max = 20'000;
constexpr std::size_t running_max = 100;

double now_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class Watch {
 public:
  Watch(ApiClient& client, const std::string& study, const Context& context)
      : client_(client), study_(study), context_(context), feed_(client, study),
        reports_(client, study) {}

  ExitCode follow() {
    if (auto failure = begin()) return stop(*failure);
    while (true) {
      draw();
      if (is_ended(state_.study.state)) return finish();
      if (is_paused_by_itself(state_.study)) return tell_pause();
      if (auto failure = step()) {
        if (is_away(*failure) && comes_back()) continue;
        if (is_interrupted()) failure->exit_code = ExitCode::interrupted;
        return stop(*failure);
      }
    }
  }

 private:
  using Problem = std::optional<Failure>;

  Problem begin() {
    if (auto failure = feed_.begin()) return failure;  // before the state: nothing is missed
    if (auto failure = refresh()) return failure;
    if (context_.terminal.is_tty) {
      screen_.emplace();
      tell_on_screen();
      return load_curve();
    }
    if (goes_on()) print_news(summary_line(state_.study));
    return std::nullopt;
  }

  // Gone, or on its way out.
  static bool is_away(const Failure& failure) {
    return failure.exit_code == ExitCode::unreachable || failure.exit_code == ExitCode::temporary;
  }

  // A daemon that is started anew goes on where it was; so do the events.
  bool comes_back() {
    print_news("the daemon is away; trials go on");
    const double deadline_s = now_s() + away_max_s;
    while (now_s() < deadline_s && !is_interrupted()) {
      pause_for(frame_interval_ms);
      auto client = connect(context_);
      if (!client || !has_started(*client)) continue;
      client_ = std::move(*client);
      if (screen_) tell_on_screen();
      print_news("the daemon is back");
      return true;
    }
    return false;
  }

  // What the client has to say would tear the frame.
  void tell_on_screen() {
    client_.tell_by([this](const std::string& text) {
      print_news(text);
      draw();
    });
  }

  void leave_screen() {
    screen_.reset();
    client_.tell_by(note);
  }

  // Else the same line comes at once, as the end.
  bool goes_on() const {
    return !is_ended(state_.study.state) && !is_paused_by_itself(state_.study);
  }

  Problem step() {
    if (auto taken = take_events(screen_ ? tty_wait_s : pipe_wait_s); !taken) {
      return taken.failure();
    }
    if (auto failure = refresh()) return failure;
    if (!goes_on()) return take_rest();
    if (screen_) pause_for(frame_interval_ms);
    return std::nullopt;
  }

  // What happened between the last events and the state is told before the end is.
  Problem take_rest() {
    while (true) {
      const auto taken = take_events(0);
      if (!taken) return taken.failure();
      if (*taken == 0) return std::nullopt;
    }
  }

  // How many there were.
  Answer<std::size_t> take_events(int wait_s) {
    const auto events = feed_.next(wait_s);
    if (!events) return events.failure();
    for (const json::Node& event : *events) {
      if (auto failure = take(event)) return *failure;
    }
    return events->size();
  }

  Problem take(const json::Node& event) {
    json::Node trial;
    if (needs_trial(event)) {
      const auto number = integer_of(member(event, "data", "trial"));
      auto reply = client_.get(trial_target(study_, static_cast<int>(number)));
      if (!reply) return reply.failure();
      trial = std::move(reply->json);
    }
    const std::string line = news_line(event, trial, state_.study);
    const auto value = number_of(member(trial, "value"));
    if (value) take_value(*value, trial);
    if (!line.empty()) print_news(line);
    return std::nullopt;
  }

  // The best is known before the next event of the same batch is worded.
  void take_value(double value, const json::Node& trial) {
    const std::int64_t number = integer_of(member(trial, "number"));
    state_.values.push_back(value);
    state_.curves.complete(number, integer_of(member(trial, "history_seq")));
    const auto& best = state_.study.best;
    const bool is_minimum = state_.study.direction == Direction::minimize;
    if (!best || (is_minimum ? value < best->value : value > best->value)) {
      state_.study.best = Best{.trial = number, .value = value, .params = {}};
    }
  }

  Problem refresh() {
    const auto study = client_.get(study_target(study_));
    if (!study) return study.failure();
    const std::string unready_before = state_.study.unready;
    state_.study = study_view(study->json);
    state_.study.unready = unready_reason(client_);
    if (state_.study.unready != unready_before) tell_readiness();
    if (!screen_) return std::nullopt;
    const auto running = all_items(client_, study_target(study_) + "/trials?state=running&limit=" +
                                                std::to_string(running_max),
                                   "trials", running_max);
    if (!running) return running.failure();
    state_.has_all_running = running->size() < running_max;
    state_.running.clear();
    for (const json::Node& trial : *running) {
      state_.running.push_back(
          {.number = integer_of(member(trial, "number")),
           .attempts = integer_of(member(trial, "attempts")),
           .started_s = utc_seconds(text_of(member(trial, "started_at"))).value_or(0),
           .is_queued = trial_state(trial) == "queued",
           .params = params_text(member(trial, "params"))});
    }
    return reports_.next(best_trial(), state_.curves);
  }

  Problem load_curve() {
    auto trials = all_items(client_, study_target(study_) + "/trials?state=completed&limit=" +
                                         std::to_string(page_size_max),
                            "trials", curve_trials_max);
    if (!trials) return trials.failure();
    std::sort(trials->begin(), trials->end(), [](const json::Node& a, const json::Node& b) {
      return text_of(member(a, "ended_at")) < text_of(member(b, "ended_at"));
    });
    for (const json::Node& trial : *trials) {
      state_.values.push_back(number_of(member(trial, "value")).value_or(0));
    }
    if (auto failure = reports_.begin(*trials, best_trial(), state_.curves)) return failure;
    return refresh();  // the running trials, now that there is a screen
  }

  std::optional<std::int64_t> best_trial() const {
    const auto& best = state_.study.best;
    return best ? std::optional(best->trial) : std::nullopt;
  }

  void print_news(const std::string& line) {
    state_.add_news(line);
    if (screen_) return;
    print_line(printable(line));
    std::fflush(stdout);
  }

  // No event tells it: on a full disk none can be stored.
  void tell_readiness() {
    const std::string& why = state_.study.unready;
    print_news(why.empty() ? "the daemon is ready again" : "the daemon is not ready: " + why);
  }

  void draw() {
    if (screen_) screen_->draw(watch_frame(state_, this_terminal(), now_s()));
  }

  ExitCode finish() {
    leave_screen();
    print_line(printable(summary_line(state_.study)));
    const ExitCode code = exit_code_of(state_.study);
    const std::string word = shell_quoted(study_);
    if (code == ExitCode::ok) note("next: hpo best " + word);
    else if (state_.study.trials.failed > 0) note("next: hpo logs " + word + " --failed");
    else note("no trial completed, and none failed; next: hpo trials " + word);
    return code;
  }

  ExitCode tell_pause() {
    leave_screen();
    print_line(printable(summary_line(state_.study)));
    print(printable(diagnosis(client_, state_.study)));
    return ExitCode::pending;
  }

  ExitCode stop(const Failure& failure) {
    leave_screen();
    if (failure.exit_code != ExitCode::interrupted) return tell(failure, context_.terminal);
    note("study " + study_ + " goes on; next: hpo watch " + shell_quoted(study_));
    return ExitCode::interrupted;
  }

  ApiClient& client_;
  std::string study_;
  const Context& context_;
  EventFeed feed_;
  ReportFeed reports_;
  WatchState state_{};
  std::optional<Screen> screen_{};
};

}  // namespace

ExitCode watch_study(ApiClient& client, const std::string& study, const Context& context) {
  catch_interrupts();
  return Watch(client, study, context).follow();
}

}  // namespace hpo::cli
