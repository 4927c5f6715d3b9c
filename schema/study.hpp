// StudySpec: what a study.json says, decoded and checked; and the states of a study.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/outcome.hpp"
#include "schema/search_space.hpp"

namespace hpo {

enum class Direction { minimize, maximize };
template <>
inline constexpr auto words<Direction> = word_table("minimize", "maximize");

// How much a repeated trial's value scatters. `none` means deterministic: no values are tried
// twice.
enum class Noise { none, low, high };
template <>
inline constexpr auto words<Noise> = word_table("none", "low", "high");

struct Objective {
  std::string metric{};
  Direction direction = Direction::minimize;
  Noise noise = Noise::low;
  friend bool operator==(const Objective&, const Objective&) = default;
};

struct Budget {
  int trials = 100;
  std::optional<std::chrono::seconds> time{};  // while the study is not paused and a daemon runs
  std::optional<int> patience{};               // trials finished since the best one improved
  int max_failures = 20;                       // one more ends the study as failed
  std::optional<double> node_hours{};          // of batch jobs, begun and requested
  friend bool operator==(const Budget&, const Budget&) = default;
};

// What an attempt after out_of_memory or timeout asks for: so many times what that one asked for.
struct RetryScale {
  double memory = 1.0;
  double time = 1.0;
  friend bool operator==(const RetryScale&, const RetryScale&) = default;
};

struct Retry {
  int max = 2;  // attempts beyond the first
  std::vector<FailureClass> on{FailureClass::lost, FailureClass::node_fail,
                               FailureClass::preempted, FailureClass::infrastructure};
  RetryScale scale{};  // of batch systems
  friend bool operator==(const Retry&, const Retry&) = default;
};

// How `simulated` answers instead of running anything: for tests, demos and benchmarks.
struct SimulatedSpec {
  double seconds_min = 0.0;  // a trial's duration is uniform in [min, max]
  double seconds_max = 0.0;
  double failures = 0.0;     // fraction of attempts that fail
  double losses = 0.0;       // fraction of attempts that vanish without a word
  friend bool operator==(const SimulatedSpec&, const SimulatedSpec&) = default;
};

// At most, of one attempt; also what a retry that asks for more stops at.
inline constexpr std::chrono::seconds attempt_time_max = std::chrono::hours(24 * 3650);
inline constexpr std::int64_t memory_bytes_max = std::int64_t{1} << 50U;

// What a batch system is asked for on behalf of one trial. What is empty or unset is not asked for:
// the site's default counts. Only executors of batch systems read it.
struct BatchSpec {
  std::string account{};
  std::string partition{};
  std::string qos{};
  std::string constraint{};
  std::string licenses{};
  std::string reservation{};
  int nodes = 1;
  int tasks_per_node = 1;
  std::optional<std::int64_t> memory_bytes{};  // per node
  bool is_exclusive = false;
  int max_queued = 100;        // jobs of all studies that may wait there, with the next one
  double submit_rate = 1.0;    // submissions per second
  std::vector<std::string> extra{};  // more options, each one element of argv
  friend bool operator==(const BatchSpec&, const BatchSpec&) = default;
};

// Its jobs wait in a queue and run on other nodes, which it chooses.
constexpr bool is_batch(std::string_view executor) { return executor == "slurm"; }

// How long a trial stays with a worker that says nothing: a study's own lease is between these.
inline constexpr std::chrono::seconds lease_min{1};
inline constexpr std::chrono::seconds lease_default{120};
inline constexpr std::chrono::seconds lease_max{24 * 3600};

inline constexpr int workers_max = 10'000;    // worker jobs of a study
inline constexpr int parallel_max = 100'000;  // trials of a study at once

struct ExecutorSpec {
  std::string type = "local";
  // The study's ceiling of trials at once; default: parallel. Of each worker job, where there are
  // such; default: 1.
  std::optional<int> slots{};
  int cpus = 1;                // per trial; of a batch system: per task
  int gpus = 0;                // per trial; of a batch system: per node
  std::optional<std::chrono::seconds> time{};  // limit of one job: an attempt's, or a worker's
  std::chrono::seconds grace{30};              // between SIGTERM and SIGKILL
  std::chrono::seconds lease = lease_default;  // of a trial whose worker is not heard of
  SimulatedSpec simulated{};
  BatchSpec batch{};
  friend bool operator==(const ExecutorSpec&, const ExecutorSpec&) = default;
};

// How trials reach their machines: hpod submits a job for each, or workers ask for them.
enum class Dispatch { job_per_trial, workers };
template <>
inline constexpr auto words<Dispatch> = word_table("job_per_trial", "workers");

enum class ContainerRuntime { apptainer, podman, shifter };
template <>
inline constexpr auto words<ContainerRuntime> = word_table("apptainer", "podman", "shifter");

struct ContainerSpec {
  ContainerRuntime runtime = ContainerRuntime::apptainer;
  std::string image{};
  std::vector<std::string> binds{};  // "/host" or "/host:/inside"
  bool has_gpu = false;
  friend bool operator==(const ContainerSpec&, const ContainerSpec&) = default;
};

struct EnvironmentSpec {
  std::map<std::string, std::string> vars{};      // set as they are
  std::vector<std::string> inherit{};             // more names that `submit` captures
  std::map<std::string, std::string> captured{};  // what `submit` found in its shell
  // What a job of a batch system does on its node before the training, in this order.
  std::vector<std::string> modules{};  // `module load`
  std::string conda{};                 // an environment's name or absolute path
  std::string venv{};                  // an environment's absolute path; not with conda
  std::string setup{};                 // shell lines, sourced as they are
  // Of any executor: names of files in ~/.config/hpo/secrets, and of variables.
  std::vector<std::string> secrets{};
  std::optional<ContainerSpec> container{};
  friend bool operator==(const EnvironmentSpec&, const EnvironmentSpec&) = default;
};

struct ResultSpec {
  std::string file{};          // empty: $HPO_RESULT_FILE; else relative to workdir, placeholders
  bool from_stdout = true;     // the last line "hpo-result {…}" counts when there is no file
  std::int64_t bytes_max = 1 << 20;
  friend bool operator==(const ResultSpec&, const ResultSpec&) = default;
};

// A user's own program, which answers for the strategy "external".
struct ExternalSpec {
  std::vector<std::string> command{};             // argv
  std::string options = "{}";                     // an object of JSON, for the program alone
  std::chrono::seconds time{60};                  // limit of one reply
  std::int64_t memory_bytes = std::int64_t{4} << 30U;  // limit of what each process writes to
  friend bool operator==(const ExternalSpec&, const ExternalSpec&) = default;
};

struct StrategySpec {
  std::string type = "auto";
  std::map<std::string, ParamValue> options{};
  std::map<std::string, std::vector<ParamValue>> grid_values{};  // by parameter, in its domain
  ExternalSpec external{};
  friend bool operator==(const StrategySpec&, const StrategySpec&) = default;
};

// How long a trial trains: what it counts, and the steps between which pruners choose.
struct FidelitySpec {
  std::string name{};        // "epochs", for people
  std::int64_t min = 1;      // steps, below max: no trial is judged before
  std::int64_t max = 1;      // steps of a whole training
  double eta = 3.0;          // from one rung to the next: so many times the steps, 1/eta the trials
  bool checkpoint = false;   // the training resumes from its checkpoint, so a trial may pause
  friend bool operator==(const FidelitySpec&, const FidelitySpec&) = default;
};
inline constexpr std::int64_t fidelity_steps_max = 1'000'000'000;
inline constexpr double fidelity_eta_max = 100.0;

struct PrunerSpec {
  std::string type = "none";
  std::map<std::string, ParamValue> options{};
  friend bool operator==(const PrunerSpec&, const PrunerSpec&) = default;
};

struct StudySpec {
  std::string name{};
  std::string description{};
  std::vector<std::string> tags{};
  SearchSpace space{};
  Objective objective{};
  // argv; {name} is replaced inside one element. Empty only where programs of the user's own ask
  // for trials and tell how they ended.
  std::vector<std::string> command{};
  std::string workdir{};               // absolute
  StrategySpec strategy{};
  std::optional<FidelitySpec> fidelity{};
  PrunerSpec pruner{};
  ExecutorSpec executor{};
  Dispatch dispatch = Dispatch::job_per_trial;
  int workers = 0;                     // worker jobs; 0: hpod starts none
  bool is_warm = false;                // a worker forks trials from one loaded script per slot
  EnvironmentSpec environment{};
  Budget budget{};
  int parallel = 1;                    // trials started and not ended, at most
  std::uint64_t seed = 0;
  Retry retry{};
  std::vector<Values> initial{};       // the first trials, before the default values
  ResultSpec result{};
  std::map<std::string, std::string> extras{};  // x-… keys: JSON text, kept and never read

  // Compiled once, in study.cpp: a hundred files copy and end one.
  StudySpec();
  StudySpec(const StudySpec&);
  StudySpec(StudySpec&&) noexcept;
  StudySpec& operator=(const StudySpec&);
  StudySpec& operator=(StudySpec&&) noexcept;
  ~StudySpec();

  // Workers ask for the trials: some that were started by hand, or worker jobs of hpod's.
  bool is_pulled() const { return dispatch == Dispatch::workers; }
  bool has_worker_jobs() const { return workers > 0; }
  int slots_per_worker() const { return executor.slots.value_or(1); }
  std::optional<std::int64_t> fidelity_max() const {  // nullopt: it has no fidelity
    return fidelity ? std::optional(fidelity->max) : std::nullopt;
  }
  ExecutorSpec job_executor() const;  // what one job asks for: a trial's, or that of all slots

  int slots() const {
    const int ceiling = has_worker_jobs() ? workers * slots_per_worker()
                                          : executor.slots.value_or(parallel);
    return ceiling < parallel ? ceiling : parallel;
  }
  friend bool operator==(const StudySpec&, const StudySpec&);
};

enum class StudyState { running, paused, cancelling, finished, failed, cancelled };
template <>
inline constexpr auto words<StudyState> = word_table("running", "paused", "cancelling",
    "finished", "failed", "cancelled");

constexpr bool is_ended(StudyState s) { return s >= StudyState::finished; }

// Why a study is in its state, in one word; the sentence beside it says the rest.
enum class StudyReason {
  none, user, failures_alike, strategy_error, strategy_slow, trials, time, patience,
  max_failures, space_exhausted, node_hours, workers
};
template <>
inline constexpr auto words<StudyReason> = word_table("none", "user", "failures_alike",
    "strategy_error", "strategy_slow", "trials", "time", "patience", "max_failures",
    "space_exhausted", "node_hours", "workers");

}  // namespace hpo
