// See exec.hpp. The straight line: load, claim, start, watch, classify, write down, announce.
#include "executors/runner/exec.hpp"

#include <fcntl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <functional>

#include "executors/runner/claim.hpp"
#include "executors/runner/classify.hpp"
#include "executors/runner/environment.hpp"
#include "executors/runner/exit_file.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/memory.hpp"
#include "executors/runner/result_file.hpp"
#include "executors/runner/text.hpp"
#include "schema/paths.hpp"

namespace hpo {
namespace runner {
namespace {

constexpr int stderr_lines = 20;
constexpr std::int64_t stderr_bytes = 4096;

std::int64_t utc_now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

int complain(const Error& error) {
  std::fprintf(stderr, "hpo exec: %s\n  where: %s\n  to mend it: %s\n", error.what.c_str(),
               error.where.c_str(), error.remedy.c_str());
  return 1;
}

// Descriptors 0 to 2 must be taken, or a pipe of ours would become the training's by accident.
void fill_standard_descriptors() {
  int fd = ::open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= 2) fd = ::open("/dev/null", O_RDWR);
  if (fd > 2) ::close(fd);
}

struct Streams {
  Capture output;
  Capture error;
};

Result<Streams> open_streams(const Attempt& attempt, const CaptureLimits& limits) {
  auto output = Capture::open(attempt.paths.standard_output, limits);
  if (!output) return output.error();
  auto error = Capture::open(attempt.paths.standard_error, limits);
  if (!error) return error.error();
  return Streams{.output = *std::move(output), .error = *std::move(error)};
}

// Empty where the batch system has no such command, or has not told the job's id.
RankCare rank_care_of(const AttemptSpec& spec) {
  const std::string id = environment_value(spec.id_variable.c_str());
  if (id.empty() || spec.tell_ranks.empty()) return {};
  RankCare care{.launcher = spec.launcher, .tell = spec.tell_ranks};
  care.tell.push_back(id);
  return care;
}

struct Means {
  CaptureLimits limits{};
  WarmServer* warm = nullptr;
  SlowLoad slow{};
};

Outcome watch(const Attempt& attempt, const Means& means, Spawned training, const Fd& signals,
              Streams& streams, Evidence evidence, const FileMark& before) {
  const std::optional<std::int64_t> kills_before = memory_kills();
  const SupervisePlan plan{.time_limit = attempt.spec.time, .grace = attempt.spec.grace,
                           .stop_file = attempt.paths.stop,
                           .superseded_file = attempt.paths.superseded,
                           .ranks = rank_care_of(attempt.spec),
                           .spared = means.warm != nullptr ? means.warm->processes()
                                                           : std::vector<int>{}};
  ResultLine line(static_cast<std::size_t>(attempt.spec.result.bytes_max));
  evidence.ended = supervise(std::move(training), signals, plan, streams.output, streams.error,
                             line);
  evidence.ended_ns = utc_now_ns();
  evidence.file = read_result(attempt.paths.result, before, attempt.spec.result.bytes_max);
  evidence.line = line.last();
  evidence.last_lines = cleaned(streams.error.last_lines(stderr_lines, stderr_bytes));
  const auto kills = ended_by_sigkill(evidence.ended) ? memory_kills() : std::nullopt;
  if (kills && kills_before) evidence.memory_kills = *kills - *kills_before;
  return classify(attempt, evidence);
}

// Takes what told us to end.
Outcome never_begun(const Fd& signals, std::int64_t now_ns) {
  signalfd_siginfo info{};
  while (::read(signals.get(), &info, sizeof info) == sizeof info) {}
  Outcome outcome;
  outcome.status = OutcomeStatus::cancelled;
  outcome.message = "cancelled before the training began";
  outcome.started_ns = outcome.ended_ns = now_ns;
  return outcome;
}

Outcome carry_out(const Attempt& attempt, const Result<Fd>& signals,
                  const Means& means) {
  Evidence evidence;
  evidence.started_ns = utc_now_ns();
  if (!signals) return never_started(signals.error(), evidence.started_ns);
  auto streams = open_streams(attempt, means.limits);
  if (!streams) return never_started(streams.error(), evidence.started_ns);
  // Left there when it stays empty: deleting costs more than it saves on some file systems.
  const auto made = make_directories(attempt.paths.checkpoint);
  if (!made) streams->error.write("hpo: no checkpoint directory: " + made.error().what + "\n");
  const auto request = prepare(attempt);
  if (!request) return never_started(request.error(), evidence.started_ns);
  for (const std::string& note : request->notes) streams->error.write("hpo: " + note + "\n");
  const FileMark before = mark_of(attempt.paths.result);
  const auto slow = [&](const std::string& text) {
    if (!text.empty()) streams->error.write("hpo: " + text + "\n");
    means.slow(text);
  };
  auto training = means.warm != nullptr ? means.warm->spawn(attempt.job, *request, *signals, slow)
                                        : spawn(*request);
  const bool may_be_told = !training && means.warm != nullptr;
  if (may_be_told && is_told_to_end()) return never_begun(*signals, evidence.started_ns);
  if (!training) return never_started(training.error(), evidence.started_ns);
  return watch(attempt, means, *std::move(training), *signals, *streams, std::move(evidence),
               before);
}

// A training may remove or move its own directory; the outcome is told nevertheless, or the daemon
// would take the runner for killed and train again, to the same end.
Result<void> put_exit(const Attempt& attempt, Outcome outcome) {
  auto written = write_exit(attempt, outcome);
  if (written || written.error().code != ErrorCode::not_found) return written;
  outcome.message += std::string(outcome.message.empty() ? "" : "\n") +
                     "the attempt's directory, " + attempt.paths.directory +
                     ", was removed or moved while the training ran; let it keep $HPO_TRIAL_DIR";
  if (auto made = make_directories(attempt.paths.directory); !made) return made;
  return write_exit(attempt, outcome);
}

// The daemon moves such directories aside before it starts a runner: somebody put this one there.
Error held_by_a_stranger(const Attempt& attempt, const Claim& claim) {
  return Error{ErrorCode::conflict, "the directory is claimed by another attempt, job " + claim.job,
               attempt.paths.directory + "/claim",
               "an attempt's directory must not be copied to another one; remove it"};
}

// Another runner has the attempt: leave a trace for people, touch nothing else.
int step_back(const Attempt& attempt) {
  const auto claim = read_claim(attempt.paths.directory);
  if (claim && *claim && (*claim)->identity != attempt.spec.identity) {
    return complain(held_by_a_stranger(attempt, **claim));
  }
  const std::string trace =
      attempt.paths.directory + "/" + std::string(duplicate_prefix) + attempt.job;
  const std::string text = host_name() + " pid " + std::to_string(::getpid()) + "\n";
  if (auto written = write_file(trace, text); !written) complain(written.error());
  if (auto told = announce_end(attempt); !told) complain(told.error());
  return 0;
}

using Act = std::function<Outcome(const Attempt& attempt, const Result<Fd>& signals)>;

// Whoever holds the claim acts, and writes down the end.
int end_attempt(const std::string& directory, const Act& act) {
  fill_standard_descriptors();
  auto attempt = load_attempt(directory);
  if (!attempt) return complain(attempt.error());
  if (attempt->spec.adds_to_own) add_own_environment(attempt->spec);
  const auto signals = take_over_signals();  // who sees the claim may tell us to end
  const auto is_mine = take_claim(attempt->paths.directory, attempt->job, attempt->spec.identity,
                                  environment_value(attempt->spec.id_variable.c_str()));
  if (!is_mine) return complain(is_mine.error());
  if (!*is_mine) return step_back(*attempt);
  const Outcome outcome = act(*attempt, signals);
  if (auto written = put_exit(*attempt, outcome); !written) return complain(written.error());
  if (auto told = announce_end(*attempt); !told) return complain(told.error());
  return 0;
}

}  // namespace
}  // namespace runner

int exec_attempt(const std::string& directory) { return exec_attempt(directory, {}); }

int exec_attempt(const std::string& directory, const runner::CaptureLimits& limits) {
  return runner::end_attempt(directory, [&](const auto& attempt, const auto& signals) {
    return runner::carry_out(attempt, signals, {.limits = limits, .warm = nullptr, .slow = {}});
  });
}

int exec_attempt(const std::string& directory, runner::WarmServer& warm,
                 const runner::SlowLoad& slow) {
  return runner::end_attempt(directory, [&](const auto& attempt, const auto& signals) {
    return runner::carry_out(attempt, signals, {.limits = {}, .warm = &warm, .slow = slow});
  });
}

int exec_unprepared(const std::string& directory, const runner::Unprepared& why) {
  return runner::end_attempt(directory, [&](const auto& attempt, const auto&) {
    return runner::unprepared(attempt, why, runner::utc_now_ns());
  });
}

}  // namespace hpo
