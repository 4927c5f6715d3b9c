// See external_strategy.hpp.
#include "daemon/external/external_strategy.hpp"

#include <poll.h>

#include <optional>

#include "daemon/external/launch.hpp"
#include "daemon/external/program.hpp"
#include "daemon/external/protocol.hpp"

namespace hpo::external {
namespace {

class ExternalStrategy final : public Strategy {
 public:
  ExternalStrategy(const StudySpec& spec, const std::string& log_path, const Patience& patience)
      : spec_(spec), log_(log_path), patience_(patience) {}

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    for (int failures = 0;;) {
      auto answer = try_to_ask(history, first_number, count);
      if (answer) return answer;
      forget();
      const bool is_last = ++failures == Patience::failures_max || !is_worth_a_try(answer.error());
      log_.note(answer.error().what + (is_last ? "" : "; it is started again"));
      if (is_last) return told(answer.error(), failures);
      wait(failures);
    }
  }

 private:
  static bool is_worth_a_try(const Error& error) {
    return error.code == ErrorCode::corrupt || error.code == ErrorCode::unavailable;
  }

  static Error told(Error error, int failures) {
    const std::string times = failures == Patience::failures_max
        ? "failed " + std::to_string(failures) + " times in a row, at last: " : "cannot go on: ";
    error.what = "the strategy's program " + times + error.what + "; " + error.remedy;
    return error;
  }

  // Nothing to wait for but time: what made it fail may pass.
  void wait(int failures) const {
    auto pause = patience_.back_off;
    for (int i = 1; i < failures; ++i) pause *= 4;
    ::poll(nullptr, 0, static_cast<int>(pause.count()));
  }

  void forget() {
    program_.reset();
    told_ = 0;
    told_seq_ = 0;
  }

  // False if it was told of trials that this history does not have.
  bool is_extension(const History& history) const {
    if (told_ == 0) return true;
    return told_ <= history.finished_count() &&
           history.finished(told_ - 1).history_seq == told_seq_;
  }

  Result<void> start() {
    const auto launch = launch_of(spec_);
    if (!launch) return launch.error();
    auto program = Program::start(*launch, log_);
    if (!program) return program.error();
    program_ = *std::move(program);
    return exchange_done(study_line(spec_));
  }

  Result<void> exchange_done(const std::string& line) {
    const auto reply = program_->exchange(line, patience_.reply);
    if (!reply) return reply.error();
    return read_done(*reply);
  }

  Result<void> tell(const History& history) {
    while (told_ < history.finished_count()) {
      const Told next = tell_line(spec_.space, history, told_);
      if (auto done = exchange_done(next.line); !done) return done;
      told_ = next.end;
      told_seq_ = history.finished(told_ - 1).history_seq;
    }
    return {};
  }

  Result<Proposals> try_to_ask(const History& history, int first_number, int count) {
    if (program_ && !is_extension(history)) forget();
    if (!program_) {
      if (auto started = start(); !started) return started.error();
    }
    if (auto done = tell(history); !done) return done.error();
    const auto reply = program_->exchange(ask_line(spec_.space, history, first_number, count),
                                          patience_.reply);
    if (!reply) return reply.error();
    return read_proposals(spec_.space, *reply,
                          {.first_number = first_number, .count = count,
                           .is_waiting_allowed = count == 0 || !history.open().empty()});
  }

  StudySpec spec_;
  Log log_;
  Patience patience_;
  std::unique_ptr<Program> program_{};  // after log_, which it writes to
  std::size_t told_ = 0;                // finished trials that it was told of
  std::int64_t told_seq_ = 0;           // of the last of them
};

}  // namespace

std::unique_ptr<Strategy> make_strategy(const StudySpec& spec, const std::string& log_path,
                                        const Patience& patience) {
  return std::make_unique<ExternalStrategy>(spec, log_path, patience);
}

StrategyFinder strategy_finder(LogPathOf log_path_of) {
  return [log_path_of = std::move(log_path_of)](const StudySpec& spec) -> Result<StrategyEntry> {
    if (spec.strategy.type != "external") return find_strategy(spec);
    return StrategyEntry{.name = "external", .version = protocol_version,
                         .make = [log_path_of](const StudySpec& own) {
                           const Patience patience{.reply = own.strategy.external.time};
                           auto strategy = make_strategy(own, log_path_of(own.name), patience);
                           return Result(with_layers(own, std::move(strategy)));
                         },
                         .pace = Pace::elsewhere};
  };
}

}  // namespace hpo::external
