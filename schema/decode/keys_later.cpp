// Words that we know and do not serve: planned ones, and those of other tools.
//
// A row here turns "unknown key" into an answer. When a feature arrives, its rows go.
#include <algorithm>
#include <iterator>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"

namespace hpo::decode {
namespace {

struct Later {
  Section section{};
  std::string_view word{};
  Code code{};
};

constexpr Later planned[] = {
    {Section::executor, "mode", Code::no_workers},
    {Section::executor, "trials_per_job", Code::no_workers},
    {Section::executor_type, "worker", Code::no_workers},
    {Section::study, "objectives", Code::no_several_objectives},
    {Section::study, "constraints", Code::no_several_objectives},
    {Section::objective, "reference", Code::no_several_objectives},
    {Section::study, "segments", Code::no_segments},
    {Section::study, "points", Code::no_points},
    {Section::study, "replicas", Code::no_points},
    {Section::study, "script", Code::no_script},
    {Section::study, "notify", Code::no_notify},
    {Section::executor_type, "pbs", Code::no_batch_executor},
    {Section::executor_type, "panda", Code::no_batch_executor},
    {Section::executor_type, "idds", Code::no_batch_executor},
    {Section::executor, "project", Code::no_batch_executor},
    {Section::executor, "queue", Code::no_batch_executor},
    {Section::executor, "place", Code::no_batch_executor},
    {Section::executor, "select", Code::no_batch_executor},
    {Section::executor, "filesystems", Code::no_batch_executor},
    {Section::executor, "server", Code::no_batch_executor},
    {Section::executor, "vo", Code::no_batch_executor},
    {Section::executor, "site", Code::no_batch_executor},
    {Section::executor, "task_name", Code::no_batch_executor},
    {Section::executor, "working_group", Code::no_batch_executor},
    {Section::executor, "container", Code::no_batch_executor},
    {Section::executor, "training_dataset", Code::no_batch_executor},
    {Section::executor, "output_dataset", Code::no_batch_executor},
    {Section::executor, "points_per_iteration", Code::no_batch_executor},
    {Section::executor, "min_unevaluated", Code::no_batch_executor},
    {Section::strategy_type, "turbo", Code::no_strategy},
    {Section::strategy_type, "pbt", Code::no_strategy},
    {Section::strategy_type, "nsga2", Code::no_strategy},
    {Section::strategy_type, "qehvi", Code::no_strategy},
    {Section::format, "idds", Code::no_result_format},
    {Section::budget, "target", Code::no_such_budget},
    {Section::study, "transfer", Code::no_transfer},
};

struct Remedy {
  Code code{};
  std::string_view text{};
};

// In a line what the explanation says at length.
constexpr Remedy remedies[] = {
    {Code::no_workers, "write \"dispatch\": \"workers\", \"workers\": 4 beside the executor"},
    {Code::no_several_objectives, "choose one metric: \"objective\": {\"minimize\": \"loss\"}"},
    {Code::no_segments, "write one study file for each segment"},
    {Code::no_points, "list the values in \"initial\": [{…}, {…}]"},
    {Code::no_script, "write it to a file: \"command\": [\"bash\", \"./train.sh\"]"},
    {Code::no_notify, "remove it; `hpo submit --watch` ends when the study ends"},
    {Code::no_batch_executor, "use \"slurm\", or \"local\": trials start where hpod is running"},
    {Code::no_environment_setup, "set it up in the shell of `hpo submit`, which is kept"},
    {Code::no_strategy,
     "use auto, bohb, cma_es, external, gp, grid, mobster, random, sobol or tpe"},
    {Code::no_result_format, "remove \"format\"; the result is {\"METRIC\": number}"},
    {Code::no_such_budget, "limit the study by \"trials\", \"time\" or \"patience\""},
    {Code::no_transfer, "remove it; \"initial\" takes the best params of an earlier study"},
};

constexpr std::string_view either_time =
    "write \"executor\": {\"time\": \"10m\"} for each training, "
    "\"budget\": {\"time\": \"2h\"} for all";

constexpr std::string_view in_fidelity =
    "write it beside: \"fidelity\": {\"name\": \"epochs\", \"min\": 1, \"max\": 81, "
    "\"eta\": 3}";

constexpr std::string_view strategy_bohb =
    "it is a strategy: write \"strategy\": \"bohb\" and a pruner such as \"asha\"";
constexpr std::string_view strategy_mobster =
    "it is a strategy: write \"strategy\": \"mobster\" and a pruner such as \"asha\"";
constexpr std::string_view in_options =
    "write it in \"options\": {\"type\": \"median\", \"options\": {\"startup_trials\": 5}}";
constexpr std::string_view in_promotion =
    "write \"pruner\": {\"type\": \"asha\", \"options\": {\"type\": \"promotion\"}}";
constexpr std::string_view in_executor =
    "it stands in the executor: \"executor\": {\"type\": …, \"lease\": \"2m\"}";

struct Familiar {
  Section section{};
  std::string_view word{};
  std::string_view ours{};  // a key, or a sentence
};

constexpr Familiar familiar_words[] = {
    {Section::study, "parameters", "space"},
    {Section::study, "params", "space"},
    {Section::study, "search_space", "space"},
    {Section::study, "searchSpace", "space"},
    {Section::study, "cmd", "command"},
    {Section::study, "program", "command"},
    {Section::study, "trialCommand", "command"},
    {Section::study, "metric", "write \"objective\": {\"minimize\": \"loss\"}"},
    {Section::study, "minimize", "write \"objective\": {\"minimize\": \"loss\"}"},
    {Section::study, "maximize", "write \"objective\": {\"maximize\": \"auc\"}"},
    {Section::study, "direction", "write \"objective\": {\"minimize\": \"loss\"}"},
    {Section::study, "algorithm", "strategy"},
    {Section::study, "method", "strategy"},
    {Section::study, "early_stopping", "pruner"},
    {Section::study, "scheduler", "pruner"},
    {Section::study, "resource", "fidelity"},
    {Section::strategy_type, "asha", "it is a pruner: write \"pruner\": \"asha\""},
    {Section::strategy_type, "hyperband", "it is a pruner: write \"pruner\": \"hyperband\""},
    {Section::pruner_type, "bohb", strategy_bohb},
    {Section::pruner_type, "mobster", strategy_mobster},
    {Section::pruner_type, "promotion", in_promotion},
    {Section::pruner_type, "successive_halving", "asha"},
    {Section::pruner_type, "sha", "asha"},
    {Section::fidelity, "grace_period", "min"},
    {Section::fidelity, "min_resource", "min"},
    {Section::fidelity, "max_resource", "max"},
    {Section::fidelity, "max_t", "max"},
    {Section::fidelity, "reduction_factor", "eta"},
    {Section::pruner, "min", in_fidelity},
    {Section::pruner, "max", in_fidelity},
    {Section::pruner, "eta", in_fidelity},
    {Section::pruner, "grace_period", in_fidelity},
    {Section::pruner, "max_t", in_fidelity},
    {Section::pruner, "reduction_factor", in_fidelity},
    {Section::pruner, "checkpoint", in_fidelity},
    {Section::pruner, "promotion", in_promotion},
    {Section::pruner, "brackets", in_options},
    {Section::pruner, "startup_trials", in_options},
    {Section::pruner, "warmup_steps", in_options},
    {Section::pruner, "interval_steps", in_options},
    {Section::pruner, "min_trials", in_options},
    {Section::pruner, "percentile", in_options},
    {Section::pruner, "p_threshold", in_options},
    {Section::pruner, "startup_steps", in_options},
    {Section::option, "min", in_fidelity},
    {Section::option, "max", in_fidelity},
    {Section::option, "eta", in_fidelity},
    {Section::option, "grace_period", in_fidelity},
    {Section::option, "min_resource", in_fidelity},
    {Section::option, "max_resource", in_fidelity},
    {Section::option, "max_t", in_fidelity},
    {Section::option, "reduction_factor", in_fidelity},
    {Section::option, "n_startup_trials", "startup_trials"},
    {Section::option, "n_warmup_steps", "warmup_steps"},
    {Section::option, "n_min_trials", "min_trials"},
    {Section::study, "tuner", "strategy"},
    {Section::study, "trials", "write \"budget\": {\"trials\": 100}"},
    {Section::study, "n_trials", "write \"budget\": {\"trials\": 100}"},
    {Section::study, "max_trials", "write \"budget\": {\"trials\": 100}"},
    {Section::study, "timeout", either_time},
    {Section::study, "time", either_time},
    {Section::study, "patience", "write \"budget\": {\"patience\": 40}"},
    {Section::study, "concurrency", "parallel"},
    {Section::study, "n_jobs", "parallel"},
    {Section::study, "trialConcurrency", "parallel"},
    {Section::study, "env", "environment"},
    {Section::study, "cwd", "workdir"},
    {Section::study, "retries", "write \"retry\": {\"max\": 2}"},
    {Section::study, "mode", "dispatch"},
    {Section::study, "lease", in_executor},
    {Section::study, "slots", "write \"executor\": {\"type\": \"local\", \"slots\": 4}"},
    {Section::study, "grace", "write \"executor\": {\"type\": \"local\", \"grace\": \"2m\"}"},
    {Section::study, "eta", in_fidelity},
    {Section::study, "checkpoint", in_fidelity},
    {Section::study, "slurm", "write \"executor\": {\"type\": \"slurm\", …}"},
    {Section::study, "local", "write \"executor\": {\"type\": \"local\", …}"},
    {Section::study, "cpus", "write \"executor\": {\"type\": \"local\", \"cpus\": 4}"},
    {Section::study, "gpus", "write \"executor\": {\"type\": \"local\", \"gpus\": 1}"},
    {Section::parameter, "uniform", "float"},
    {Section::parameter, "real", "float"},
    {Section::parameter, "double", "float"},
    {Section::parameter, "range", "write \"float\": [low, high] or \"int\": [low, high]"},
    {Section::parameter, "loguniform", "write \"float\": [low, high], \"log\": true"},
    {Section::parameter, "log_uniform", "write \"float\": [low, high], \"log\": true"},
    {Section::parameter, "integer", "int"},
    {Section::parameter, "randint", "int"},
    {Section::parameter, "categorical", "choice"},
    {Section::parameter, "values", "choice"},
    {Section::parameter, "enum", "choice"},
    {Section::parameter, "boolean", "bool"},
    {Section::parameter, "constant", "fixed"},
    {Section::parameter, "value", "fixed"},
    {Section::parameter, "min", "write \"float\": [min, max] or \"int\": [min, max]"},
    {Section::parameter, "low", "write \"float\": [low, high] or \"int\": [low, high]"},
    {Section::parameter, "type", "the type is the key: write \"float\": [low, high]"},
    {Section::objective, "metric", "write \"minimize\": \"loss\" or \"maximize\": \"auc\""},
    {Section::objective, "direction", "write \"minimize\": \"loss\" or \"maximize\": \"auc\""},
    {Section::objective, "goal", "write \"minimize\": \"loss\" or \"maximize\": \"auc\""},
    {Section::budget, "timeout", "time"},
    {Section::budget, "n_trials", "trials"},
    {Section::retry, "oom", "out_of_memory"},
    {Section::retry, "exit_nonzero", "exit_code"},
    {Section::retry, "crash", "exit_code"},
    {Section::retry, "nan", "non_finite"},
    {Section::executor, "timeout", "time"},
    {Section::executor, "walltime", "time"},
    {Section::executor, "parallel", "slots"},
    {Section::slurm, "queue", "partition"},
    {Section::slurm, "project", "account"},
    {Section::slurm, "walltime", "time"},
    {Section::slurm, "timeout", "time"},
    {Section::slurm, "time_limit", "time"},
    {Section::slurm, "mem", "memory"},
    {Section::slurm, "mem_per_cpu", "write \"memory\": \"200G\", which counts per node"},
    {Section::slurm, "ntasks", "write \"nodes\" and \"tasks_per_node\""},
    {Section::slurm, "ntasks_per_node", "tasks_per_node"},
    {Section::slurm, "cpus_per_task", "cpus"},
    {Section::slurm, "gpus_per_node", "gpus"},
    {Section::slurm, "gres", "write \"gpus\": 4, or \"extra\": [\"--gres=gpu:a100:4\"]"},
    {Section::slurm, "exclude", "write \"extra\": [\"--exclude=node7\"]"},
    {Section::slurm, "nodelist", "write \"extra\": [\"--nodelist=node7\"]"},
    {Section::slurm, "dependency", "write \"extra\": [\"--dependency=afterok:1234\"]"},
    {Section::slurm, "mail_type", "write \"extra\": [\"--mail-type=FAIL\"]"},
    {Section::slurm, "extra_args", "extra"},
    {Section::slurm, "parallel", "write \"parallel\" at the top of the study"},
    {Section::environment, "module", "modules"},
    {Section::environment, "conda_env", "conda"},
    {Section::environment, "virtualenv", "venv"},
    {Section::environment, "prologue", "setup"},
    {Section::container, "bind", "binds"},
    {Section::container, "type", "runtime"},
    {Section::container, "nv", "gpu"},
    {Section::environment, "variables", "vars"},
    {Section::environment, "env", "vars"},
};

}  // namespace

std::optional<Code> find_later(Section section, std::string_view word) {
  const auto found = std::find_if(std::begin(planned), std::end(planned), [&](const Later& row) {
    return row.section == section && row.word == word;
  });
  return found != std::end(planned) ? std::optional(found->code) : std::nullopt;
}

Finding not_available(Code code, std::string_view word) {
  const auto found = std::find_if(std::begin(remedies), std::end(remedies),
                                  [code](const Remedy& row) { return row.code == code; });
  return {.code = code,
          .message = quoted(word) + " is not available in this version",
          .suggestion = std::string(found != std::end(remedies) ? found->text : "")};
}

std::string_view find_familiar(Section section, std::string_view word) {
  const auto found =
      std::find_if(std::begin(familiar_words), std::end(familiar_words),
                   [&](const Familiar& row) { return row.section == section && row.word == word; });
  return found != std::end(familiar_words) ? found->ours : std::string_view();
}

}  // namespace hpo::decode
