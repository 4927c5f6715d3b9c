// See doctor.hpp.
#include "cli/doctor.hpp"

#include <algorithm>

#include "cli/doctor_job.hpp"
#include "cli/doctor_report.hpp"
#include "cli/doctor_site.hpp"
#include "cli/dry_job.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/programs.hpp"
#include "cli/text.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int look_ms = 200;                    // between two looks at the files
constexpr Clock::duration query_interval = 2s;  // between two calls of squeue
constexpr Clock::duration file_patience = 20s;  // network file systems show files late
constexpr Clock::duration leave_patience = 15s;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string list_of(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& each : words) text += (text.empty() ? "" : ", ") + each;
  return text;
}

class Doctor {
 public:
  Doctor(const DoctorWish& wish, std::string state, const Context& context)
      : wish_(wish), report_(wish.as_json, context.terminal), state_(std::move(state)),
        job_(doctor_study(wish.study, wish.program), state_) {}

  ExitCode examine() {
    const bool can_submit = find_commands() && ask();
    if (can_submit && !is_interrupted()) run_job();
    if (is_interrupted()) {
      const bool is_gone = job_.cancel();
      job_.remove_files();
      report_.note("cleanup", is_gone ? "interrupted; the job is cancelled"
                                      : "interrupted; scancel does not answer: look with squeue");
      report_.finish();
      return ExitCode::interrupted;
    }
    return report_.finish();
  }

 private:
  bool find_commands() {
    std::vector<std::string> found;
    std::vector<std::string> missing;
    for (const char* name : {"sbatch", "squeue", "scancel", "scontrol"}) {
      const bool is_there = !find_program(name, environment_value("PATH")).empty();
      (is_there ? found : missing).emplace_back(name);
    }
    if (!missing.empty()) {
      report_.failed("commands", list_of(missing) + (missing.size() == 1 ? " is" : " are") +
                     " not in PATH",
                     "go to a login node of the cluster, or load the module of Slurm; hpod must be "
                     "started where they are, too");
      return false;
    }
    report_.ok("commands", list_of(found));
    return true;
  }

  bool ask() {
    const SiteAnswer answer = ask_site(job_request(wish_.study, job_.directory(), "hpo"),
                                       thorough_patience);
    return report_site(wish_.study, answer, report_);
  }

  void run_job() {
    begin_ = Clock::now();
    if (const auto submitted = job_.submit(); !submitted) {
      report_.failed("submission", submitted.error().what, submitted.error().remedy);
      job_.remove_files();
      return;
    }
    report_.ok("submission", "job " + job_.id() + ", files in " + job_.directory());
    const JobSight last = wait_for_end();
    if (is_interrupted()) return;
    if (last.outcome) tell_end(*last.outcome);
    else tell_failure(last);
    clean_up();
  }

  // Until exit.json, an end without one, or the end of patience.
  JobSight wait_for_end() {
    Clock::time_point next_query = begin_ + query_interval;
    std::optional<Clock::time_point> ended;
    JobSight sight;
    std::string told_wait;
    while (!is_interrupted()) {
      JobSight now = job_.look_at_files();
      if (now.claim_host && !told_start_) tell_start(*now.claim_host);
      if (now.outcome) return now;
      const bool sees_files = ended && !job_.printed().empty();
      if (ended && Clock::now() - *ended > (sees_files ? query_interval : file_patience)) break;
      if (Clock::now() - begin_ > wish_.wait) break;
      if (Clock::now() >= next_query) {
        next_query = Clock::now() + query_interval;
        auto seen = job_.look();
        if (!seen) continue;
        sight = *std::move(seen);
        has_answered_ = true;
        const bool is_over = sight.end || (sight.state.empty() && Clock::now() - begin_ > 10s);
        if (is_over && !ended) ended = Clock::now();
        if (!sight.wait.empty() && sight.wait != told_wait) report_.note("waiting", sight.wait);
        told_wait = sight.wait;
      }
      pause_for(look_ms);
    }
    return sight;
  }

  void tell_start(const std::string& host) {
    told_start_ = true;
    report_.ok("start", "on " + host + ", " + duration_text(seconds_since(begin_)) +
               " after the submission");
    report_.ok("directory", host + " and this host see the same files");
  }

  void tell_end(const Outcome& outcome) {
    if (outcome.failure == FailureClass::spawn_failed) {
      report_.failed("environment", outcome.message, "mend it in the study; the files of this job "
                     "are in " + job_.directory());
      return;
    }
    if (outcome.status != OutcomeStatus::completed) {
      report_.failed("end", outcome.message, "hpo exec ran, and the test did not: look at " +
                     job_.directory());
      return;
    }
    tell_environment();
    report_.ok("end", "exit code 0, " + duration_text(seconds_since(begin_)) +
               " after the submission");
  }

  void tell_environment() {
    std::string path;
    std::string gpus;
    std::string program;
    for (const std::string& line : last_lines(job_.told(), 20)) {
      const std::size_t blank = std::min(line.find(' '), line.size() - (line.empty() ? 0 : 1));
      const std::string key = line.substr(0, blank);
      const std::string value = line.empty() ? "" : line.substr(blank + 1);
      if (key == "path") path = value;
      if (key == "gpus") gpus = value;
      if (key == "program") program = value;
    }
    report_.ok("environment", "PATH=" + path +
               (gpus.empty() ? "" : "\nCUDA_VISIBLE_DEVICES=" + gpus));
    if (wish_.study.executor.gpus > 0 && gpus.empty()) {
      report_.note("environment", "CUDA_VISIBLE_DEVICES is not set, though GPUs were asked for",
                   "ask the site how jobs see their GPUs");
    }
    const std::string& wanted = wish_.program;
    if (wanted.empty()) return;
    if (!program.empty()) return report_.ok("program", wanted + " is " + program);
    report_.failed("program", "the node does not find '" + wanted + "', the study's command",
                   "name its module, conda or venv in \"environment\", or write its whole path");
  }

  void tell_failure(const JobSight& last) {
    const std::string printed = list_lines(job_.printed());
    if (!has_answered_) {
      report_.failed("waiting", "squeue does not answer", "try it by hand: squeue --me");
    } else if (!last.end && !last.state.empty() && !last.claim_host) {
      report_.failed("start", "the job has not started within " +
                     duration_text(static_cast<double>(wish_.wait.count())) +
                     (last.wait.empty() ? "" : ": it " + last.wait),
                     "nothing is wrong by that: the queue is long. hpo doctor --wait 2h waits "
                     "longer, another --partition may be faster");
    } else if (last.claim_host) {
      report_.failed("end", (last.end ? last.end->message : "the job does not end") + printed,
                     "look at " + job_.directory());
    } else if (!printed.empty()) {
      report_.failed("start", "the job ended before the test began" + printed,
                     "mend what its script says, in \"environment\" of the study");
    } else {
      report_.failed("directory", "the job ended and left no file in " + job_.directory() +
                     (last.end ? "\n" + last.end->message : ""),
                     "the node does not see this directory, or has no room there: set "
                     "HPO_STATE_DIR to a directory on a file system that all nodes share");
    }
  }

  // As lines below a message; "" if there are none.
  static std::string list_lines(const std::string& text) {
    constexpr std::size_t lines_max = 5;
    std::string list;
    for (const std::string& line : last_lines(text, lines_max)) {
      if (!line.empty()) list += "\n| " + line;
    }
    return list;
  }

  // After a failure its files are kept: they say more than we do.
  void clean_up() {
    const Clock::time_point begin = Clock::now();
    bool is_gone = false;
    while (!report_.has_failed() && !is_gone && Clock::now() - begin < leave_patience &&
           !is_interrupted()) {
      const auto seen = job_.look();
      is_gone = seen && (seen->state.empty() || seen->end);
      if (!is_gone) pause_for(look_ms * 5);
    }
    if (is_gone) job_.forget();
    if (!is_gone && !job_.cancel()) {
      report_.note("cleanup", "scancel does not answer; the job may still be there",
                   "scancel " + job_.id());
    } else if (report_.has_failed()) {
      report_.note("cleanup", "the job is cancelled if it was still there; its files are kept in " +
                   job_.directory());
    } else {
      job_.remove_files();
      report_.ok("cleanup", "the job is gone, its files are removed");
    }
  }

  const DoctorWish& wish_;
  DoctorReport report_;
  std::string state_;
  DoctorJob job_;
  Clock::time_point begin_{};
  bool told_start_ = false;
  bool has_answered_ = false;  // squeue
};

}  // namespace

ExitCode examine_slurm(const DoctorWish& wish, const Context& context) {
  const auto state = state_directory();
  if (!state) return tell(failure_of(state.error()), context.terminal);
  catch_interrupts();
  return Doctor(wish, *state, context).examine();
}

}  // namespace hpo::cli
