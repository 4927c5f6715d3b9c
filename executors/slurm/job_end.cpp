// See job_end.hpp.
#include "executors/slurm/job_end.hpp"

#include <string>

#include "executors/runner/text.hpp"
#include "executors/slurm/reasons.hpp"
#include "executors/slurm/states.hpp"
#include "schema/assert.hpp"

namespace hpo::slurm {
namespace {

constexpr int launch_failed = 53;  // slurmd's sign of a job that it could not start
constexpr int memory_killed = 125;
constexpr std::size_t words_bytes_max = 200;

// Exit codes that the job ends with before, or instead of, a runner that writes exit.json.
struct ExitSentence {
  int first = 0;
  int last = 0;
  std::string_view sentence{};
};

constexpr ExitSentence exit_sentences[] = {
    {1, 1, "the runner could not use the attempt's directory. Look whether its file system is "
           "mounted on the node, writable and not full"},
    {119, 125, "the job script could not go on, and printed why. Most often the node does not see "
               "the attempt's directory: look whether it shares HPO_STATE_DIR"},
    {126, 127, "the job script could not start hpo. Look whether the directory of the hpo program "
               "is mounted on the node"},
};

class Judge {
 public:
  explicit Judge(const JobEnd& end) : end_(end) {}

  Outcome outcome() {
    constexpr std::int64_t ns = 1'000'000'000;
    outcome_.exit_code = end_.exit_code;
    outcome_.signal = end_.signal;
    if (!end_.node_list.empty()) outcome_.started_ns = end_.start_s * ns;  // else it never began
    outcome_.ended_ns = end_.end_s * ns;
    const std::string_view state = bare_state(end_.state);
    if (state == "CANCELLED") cancelled();
    else if (state == "FAILED") failed();
    else if (state == "COMPLETED") completed();
    else by_state(state);
    return std::move(outcome_);
  }

 private:
  void fail(FailureClass failure, const std::string& message) {
    outcome_.status = OutcomeStatus::failed;
    outcome_.failure = failure;
    outcome_.message = message;
  }

  std::string node() const {
    return end_.node_list.empty() ? "its node" : "node " + std::string(end_.node_list);
  }

  // slurmstepd kills for it under states that say nothing (JobAcctGatherParams=OverMemoryKill).
  bool has_taken_too_much() const {
    for (const char* sign : {"exceeded memory limit", "oom-kill event", "oom_kill event"}) {
      if (end_.printed.find(sign) != std::string_view::npos) return true;
    }
    return false;
  }

  void cancelled() {
    if (has_taken_too_much()) return by_state("OUT_OF_MEMORY");
    constexpr std::string_view by = "CANCELLED by ";
    const std::string_view who = end_.state.starts_with(by) ? end_.state.substr(by.size())
                                                            : std::string_view();
    const bool is_by_user = !who.empty() && who == end_.user_id;
    if (!is_by_user && !end_.has_claimed && !end_.node_list.empty()) return never_begun();
    outcome_.status = OutcomeStatus::cancelled;
    outcome_.is_unwanted = true;
    const std::string whom = is_by_user     ? " by its user"
                             : who == "0"   ? " by the site's administrators"
                             : who.empty()  ? ""
                                            : " by the user with uid " + std::string(who);
    outcome_.message = "the job was cancelled in Slurm" + whom +
        ". It is not submitted again: enqueue its params anew if that was a mistake";
    if (starts_with_word(end_.reason, "DependencyNeverSatisfied")) {
      outcome_.message = "the job was cancelled: what it depended on had failed. Take the "
                         "dependency out of \"extra\"";
    }
  }

  // In the same second, in nobody's name: a node cancels so a job whose prolog fails, and says that
  // in the job's output; a controller one that its node knows nothing of, when one was killed.
  void never_begun() {
    const bool has_bad_prolog =
        end_.printed.find("Error running slurm prolog") != std::string_view::npos;
    const bool has_begun = end_.has_begun && !has_bad_prolog;
    const std::string why =
        has_bad_prolog ? "the site's prolog failed there"
        : "so it looks when " + std::string(has_begun ? "somebody else cancels it"
                                                      : "the node cannot be prepared") +
          ", or when Slurm's daemons are killed";
    fail(FailureClass::infrastructure,
         "the job ended on " + node() + " before its " + (has_begun ? "runner" : "script") +
             " began; " + scheduler_words() + "; " + why + ". If it happens again, tell the site's "
             "administrators");
  }

  std::string scheduler_words() const {
    const bool has_reason = !end_.reason.empty() && end_.reason != "None" &&
                            end_.reason != "(null)";
    return "Slurm says " + runner::excerpt(end_.state, words_bytes_max) +
           (has_reason ? ", reason " + runner::excerpt(end_.reason, words_bytes_max)
                       : ", and no reason");
  }

  // The job script told any other end of setup, and goes on to the runner.
  bool is_shell_replaced() const {
    return end_.has_begun && end_.has_setup && !end_.has_claimed && !end_.has_left;
  }

  void completed() {
    if (is_shell_replaced()) {
      return fail(FailureClass::spawn_failed,
                  "the study's \"setup\" ended the job well before the training began. Take a "
                  "line that begins with 'exec', or that takes the trap of EXIT away, out of it");
    }
    fail(FailureClass::infrastructure,
         end_.has_left
             ? "the job found the attempt claimed by another job of it, and left; Slurm no longer "
               "knows that one. If its training still runs, it is ended before another attempt's "
               "result counts"
         : end_.has_claimed
             ? "the job ended well, but wrote no exit.json. Look whether the disk of the attempt's "
               "directory is full, and whether " + node() + " shares it with this host"
             : "the job ended well, but its runner never took the attempt: it saw another "
               "directory. Look whether " + node() + " shares HPO_STATE_DIR with this host");
  }

  void failed() {
    const int signal = end_.signal.value_or(0);
    const bool is_launch = starts_with_word(end_.reason, "JobLaunchFailure");
    const bool is_for_memory = signal == memory_killed || has_taken_too_much() ||
                               starts_with_word(end_.reason, "OutOfMemory");
    if (is_for_memory) return by_state("OUT_OF_MEMORY");
    if (signal == launch_failed || (is_launch && signal == 0 && !end_.has_claimed)) {
      return fail(FailureClass::infrastructure,
                  "Slurm could not start the job on " + node() + ". Most often the attempt's "
                  "directory is not there: look whether the node shares HPO_STATE_DIR");
    }
    if (signal != 0 || is_launch) return killed(signal);
    exited(end_.exit_code.value_or(0));
  }

  void killed(int signal) {
    const std::string by = signal == 0 ? "a signal" : "signal " + std::to_string(signal);
    fail(FailureClass::signal,
         "the job was ended by " + by + " together with its runner. Somebody killed it, or it took "
         "more memory than it had asked for: raise the executor's \"memory\" if that can be");
  }

  void exited(int code) {
    const std::string number = code == 0 ? "" : " with exit code " + std::to_string(code);
    std::string why = "the job failed" + number + " and its runner wrote no exit.json. Look into "
                      "what the job printed";
    for (const ExitSentence& row : exit_sentences) {
      if (code < row.first || code > row.last) continue;
      why = "the job failed" + number + ": " + std::string(row.sentence);
    }
    if (is_shell_replaced()) {
      why += ". If a line of the study's \"setup\" begins with 'exec', it took the place of the "
             "job script: take it out";
    }
    fail(FailureClass::infrastructure, why);
  }

  void by_state(std::string_view state) {
    if (state == "OUT_OF_MEMORY") {
      fail(FailureClass::out_of_memory, "it took more memory than it had asked for. Raise the "
           "executor's \"memory\", or make the training smaller (batch size, workers)");
    } else if (state == "TIMEOUT") {
      fail(FailureClass::timeout, "the job's time limit was reached. Raise the executor's "
           "\"time\", or make the training shorter");
    } else if (state == "DEADLINE") {
      fail(FailureClass::timeout, "the job's deadline passed. Take \"--deadline\" out of "
           "\"extra\", or ask for less \"time\"");
    } else if (state == "NODE_FAIL" || state == "BOOT_FAIL") {
      fail(FailureClass::node_fail, node() + (state == "BOOT_FAIL" ? " did not boot" : " failed") +
           ". If it happens again there, name it in \"extra\": [\"--exclude=…\"]");
    } else if (state == "PREEMPTED") {
      fail(FailureClass::preempted, "a job of higher priority took its place. Write checkpoints, "
           "or choose a \"partition\" or \"qos\" that is not preempted");
    } else {
      fail(FailureClass::infrastructure, "Slurm could not start the job on " + node() + " (" +
           std::string(state) + "). If it happens again, tell the site's administrators");
    }
  }

  const JobEnd& end_;
  Outcome outcome_{};
};

}  // namespace

Outcome outcome_of(const JobEnd& end) {
  HPO_ASSERT(phase_of(end.state, end.reason) == Phase::ended, "only what has ended has an outcome");
  return Judge(end).outcome();
}

}  // namespace hpo::slurm
