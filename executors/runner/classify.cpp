// See classify.hpp.
#include "executors/runner/classify.hpp"

#include <signal.h>

#include "executors/runner/diagnosis.hpp"
#include "executors/runner/result_reading.hpp"
#include "executors/runner/text.hpp"

namespace hpo::runner {
namespace {

constexpr int podman_first = 125;       // of podman-run(1), "Exit Status": podman itself failed,
constexpr int podman_last = 127;        // or the contained program cannot be started

std::string subject(const Attempt& attempt) {
  return attempt.spec.is_worker ? "the worker" : "the training";
}

std::string seconds_text(std::chrono::seconds time) { return std::to_string(time.count()) + " s"; }

void fail(Outcome& outcome, FailureClass failure, const std::string& message) {
  outcome.status = OutcomeStatus::failed;
  outcome.failure = failure;
  outcome.message = message;
}

// The result if there is any: the file wins over the line.
std::optional<ResultReading> reading_of(const Attempt& attempt, const Evidence& evidence) {
  const auto limit = static_cast<std::size_t>(attempt.spec.result.bytes_max);
  const std::string& metric = attempt.spec.metric;
  if (evidence.file) {
    return read_result_text(*evidence.file, metric, attempt.paths.result, limit);
  }
  const Error& why = evidence.file.error();
  if (why.code != ErrorCode::not_found) {
    ResultReading refused;
    refused.failure = FailureClass::bad_result;
    refused.problem = why.where + ": " + why.what + "; " + why.remedy;
    return refused;
  }
  if (!evidence.line || !attempt.spec.result.from_stdout) return std::nullopt;
  return read_result_text(*evidence.line, metric, std::string(printed_result), limit);
}

// Whoever wrote "time": "1m" must not be told of 5 s as if that had been asked for.
std::string made_from(const AttemptSpec& spec) {
  if (!spec.job_time || !spec.time) return {};
  const auto start = *spec.job_time - spec.grace - *spec.time;  // none is left if that is too short
  return ": it is the executor's \"time\" of " + seconds_text(*spec.job_time) +
         " less its \"grace\" of " + seconds_text(spec.grace) +
         (start.count() > 0 ? " and " + seconds_text(start) + " for the job's start" : "");
}

void judge_stop(const Attempt& attempt, const Ended& ended, Outcome& outcome) {
  const std::string how = ended.was_killed
      ? "; it did not end within the grace of " + seconds_text(attempt.spec.grace) +
            " and was killed"
      : "";
  if (ended.stop == StopCause::superseded) {
    outcome.status = OutcomeStatus::cancelled;
    outcome.message = "its node had been given up, and another attempt went on in its place" + how;
    return;
  }
  if (ended.stop == StopCause::cancelled) {
    outcome.status = OutcomeStatus::cancelled;
    outcome.message = "cancelled while it ran" + how;
    return;
  }
  fail(outcome, FailureClass::timeout,
       "the time limit of " + seconds_text(attempt.spec.time.value_or(std::chrono::seconds(0))) +
           " was reached" + made_from(attempt.spec) + how + ". Raise the executor's \"time\"" +
           (attempt.spec.job_time ? ", lower its \"grace\"," : ",") +
           " or make the training shorter");
}

void judge_memory(Outcome& outcome) {
  fail(outcome, FailureClass::out_of_memory,
       "the kernel killed it for lack of memory. Ask for more memory, or make the training "
       "smaller (batch size, workers)");
}

void judge_signal(const Attempt& attempt, int number, Outcome& outcome) {
  std::string message = subject(attempt) + " was ended by " + signal_name(number);
  if (number == SIGKILL) {
    message += ". Somebody killed it, or the machine ran out of memory (look into dmesg)";
  } else if (number == SIGSEGV || number == SIGBUS || number == SIGABRT || number == SIGFPE ||
             number == SIGILL) {
    message += ", a crash of the program. Try the same params by hand";
  }
  fail(outcome, FailureClass::signal, message);
}

// A training may end so as well, hence a hint and not a class of its own.
std::string hint_of_runtime(const Attempt& attempt, int code) {
  const auto& container = attempt.spec.container;
  const bool is_podman = container && container->runtime == ContainerRuntime::podman;
  if (!is_podman || code < podman_first || code > podman_last) return {};
  return ", with which podman ends when it cannot start the container (look at its \"image\")";
}

void judge_exit_code(const Attempt& attempt, int code, const std::optional<ResultReading>& reading,
                     Outcome& outcome) {
  const std::string told = reading ? reading->message : std::string();
  outcome.message = told;
  if (attempt.spec.is_worker) {
    fail(outcome, FailureClass::exit_code, "the worker ended with exit code " +
                                               std::to_string(code));
  } else if (code == exit_infeasible) {
    outcome.status = OutcomeStatus::infeasible;
  } else if (code == exit_pruned) {
    outcome.status = OutcomeStatus::pruned;
  } else {
    std::string message = "the training ended with exit code " + std::to_string(code) +
                          hint_of_runtime(attempt, code);
    outcome.retry_asked = code == exit_retry;
    if (outcome.retry_asked) message += ", which asks for another attempt";
    if (!told.empty()) message += ": " + told;
    if (reading && reading->value) {
      message += ". A valid result was there, but the exit code decides; end with 0 to have it "
                 "counted";
    }
    fail(outcome, FailureClass::exit_code, message);
  }
}

void judge_result(const Attempt& attempt, const Evidence& evidence,
                  const std::optional<ResultReading>& reading, Outcome& outcome) {
  if (attempt.spec.is_worker) {
    outcome.status = OutcomeStatus::completed;
    return;
  }
  if (!reading) {
    return fail(outcome, FailureClass::no_result,
                missing_result(attempt, evidence.file.error(), evidence.started_ns));
  }
  if (reading->failure) return fail(outcome, *reading->failure, reading->problem);
  outcome.status = reading->status;
  outcome.message = reading->message;
  if (reading->status == OutcomeStatus::completed) outcome.value = reading->value;
  if (reading->status != OutcomeStatus::failed) return;
  const std::string why = reading->message.empty() ? std::string() : ": " + reading->message;
  fail(outcome, FailureClass::exit_code, "the training itself reported \"failed\"" + why);
}

// 0: it came to its own end.
int signal_of(const Ended& ended) {
  return ended.signal.value_or(ended.exit_code ? 0 : SIGKILL);
}

void judge(const Attempt& attempt, const Evidence& evidence,
           const std::optional<ResultReading>& reading, Outcome& outcome) {
  const Ended& ended = evidence.ended;
  const int signal = signal_of(ended);
  if (ended.stop != StopCause::none) return judge_stop(attempt, ended, outcome);
  const bool was_out_of_memory = evidence.memory_kills.value_or(0) > 0;
  if (ended_by_sigkill(ended) && was_out_of_memory) return judge_memory(outcome);
  if (signal != 0) return judge_signal(attempt, signal, outcome);
  if (*ended.exit_code != 0) return judge_exit_code(attempt, *ended.exit_code, reading, outcome);
  judge_result(attempt, evidence, reading, outcome);
}

// Every number that the result had stays visible, also where it does not count as the value.
void keep_metrics(const Attempt& attempt, const std::optional<ResultReading>& reading,
                  Outcome& outcome) {
  if (!reading) return;
  outcome.metrics = reading->metrics;
  if (reading->value && !outcome.value) outcome.metrics[attempt.spec.metric] = *reading->value;
}

void add_notes(const Evidence& evidence, Outcome& outcome) {
  const auto note = [&](const std::string& text) {
    outcome.message += (outcome.message.empty() ? "" : "\n") + text;
  };
  if (evidence.ended.leftovers > 0) {
    note("note: " + std::to_string(evidence.ended.leftovers) +
         " process(es) that the training left behind were ended");
  }
  if (evidence.ended.is_stuck) note("note: a process hangs in the kernel and could not be ended");
  if (outcome.status == OutcomeStatus::failed && !evidence.last_lines.empty()) {
    note("last lines of stderr:\n" + evidence.last_lines);
  }
}

}  // namespace

bool ended_by_sigkill(const Ended& ended) {
  return signal_of(ended) == SIGKILL || signal_told(ended) == SIGKILL;
}

Outcome classify(const Attempt& attempt, const Evidence& evidence) {
  Outcome outcome;
  outcome.exit_code = evidence.ended.exit_code;
  outcome.signal = evidence.ended.signal;
  outcome.started_ns = evidence.started_ns;
  outcome.ended_ns = evidence.ended_ns;
  const std::optional<ResultReading> reading = reading_of(attempt, evidence);
  judge(attempt, evidence, reading, outcome);
  keep_metrics(attempt, reading, outcome);
  add_notes(evidence, outcome);
  return outcome;
}

Outcome never_started(const Error& error, std::int64_t now_ns) {
  Outcome outcome;
  const bool is_machine = error.code == ErrorCode::unavailable;
  fail(outcome, is_machine ? FailureClass::infrastructure : FailureClass::spawn_failed,
       error.what + "\n  where: " + error.where + "\n  to mend it: " + error.remedy);
  outcome.started_ns = now_ns;
  outcome.ended_ns = now_ns;
  return outcome;
}

}  // namespace hpo::runner
