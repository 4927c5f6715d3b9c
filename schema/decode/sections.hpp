// The sections of a study, one function and one file each. For decode/ alone.
//
// Each reads one value into its part of the spec, adds every problem it finds, and leaves the
// defaults where it found nothing better. One thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/decode/cursor.hpp"
#include "schema/option.hpp"
#include "schema/study.hpp"

namespace hpo::decode {

// nullopt: there were errors, so no space can be made.
std::optional<SearchSpace> decode_space(const Cursor& at);
// Adds the constraints to the space.
void decode_constraints(const Cursor& at, SearchSpace& space);
std::optional<Parameter> decode_parameter(const Cursor& at);
// Adds "when" to each of them. `space`: the object that all were read from.
void decode_conditions(const Cursor& space, std::vector<Parameter>& parameters);

// The domain of a parameter, by its type key. `object` is the whole parameter.
std::optional<Domain> decode_float(const Cursor& object, const Cursor& type);
std::optional<Domain> decode_int(const Cursor& object, const Cursor& type);
std::optional<Domain> decode_choice(const Cursor& object, const Cursor& type);
std::optional<Domain> decode_ordinal(const Cursor& object, const Cursor& type);
std::optional<Domain> decode_bool(const Cursor& object, const Cursor& type);
std::optional<Domain> decode_fixed(const Cursor& object, const Cursor& type);

void decode_objective(const Cursor& at, Objective& out);
void decode_strategy(const Cursor& at, StrategySpec& out);
// The keys that the strategy "external" has besides those of all strategies.
std::span<const std::string_view> external_keys();
void decode_external(const Cursor& strategy, ExternalSpec& out);
void refuse_external_keys(const Cursor& strategy);
// Those that `owner` has, into `out`; others are problems.
struct OptionOwner {
  std::string_view kind{};  // "strategy" or "pruner"
  std::string_view name{};
  std::span<const Option> options{};
};
void read_options(const Cursor& at, const OptionOwner& owner,
                  std::map<std::string, ParamValue>& out);
// When the space is known, and the budget.
void decode_grid(const Cursor& strategy, StudySpec& spec);
void decode_pruner(const Cursor& at, PrunerSpec& out);
void decode_fidelity(const Cursor& at, std::optional<FidelitySpec>& out);
// What both are to each other and to the space.
void check_pruning(const Cursor& root, const StudySpec& spec);
void warn_pruning(const Cursor& root, const StudySpec& spec);  // of what is without effect
void warn_judging(const Cursor& root, const StudySpec& spec);  // of pruners that cannot judge
std::span<const std::string_view> executor_types();
void decode_executor(const Cursor& at, ExecutorSpec& out);
std::string executor_name(const Cursor& executor);  // as far as there is one; else empty
void decode_simulated(const Cursor& executor, SimulatedSpec& out);
void decode_slurm(const Cursor& executor, BatchSpec& out);
void decode_extra(const Cursor& at, std::vector<std::string>& out);
// The study says that it has no batch system. If it names an executor that we do not know: false.
bool has_no_batch(const Cursor& root);
bool is_without_batch(const Cursor& executor);

// `may_prepare`: jobs of a batch system do something on their node before the training.
void decode_environment(const Cursor& at, bool may_prepare, EnvironmentSpec& out);
// Its parts; the variables come first: no secret may stand among them besides.
void decode_secrets(const Cursor& environment, EnvironmentSpec& out);
void decode_setup(const Cursor& environment, EnvironmentSpec& out);
void refuse_setup(const Cursor& environment);
Finding reserved_variable(std::string_view name);

void decode_budget(const Cursor& at, Budget& out);
void decode_retry(const Cursor& at, Retry& out);
// Its executor is "external", as far as can be seen.
bool is_external(const Cursor& root);
// And how many worker jobs there are.
void decode_dispatch(const Cursor& root, StudySpec& spec);
void decode_warm(const Cursor& at, StudySpec& out);  // after the dispatch

// `names`: all parameters that the text has, even ill-formed ones.
using Names = std::vector<std::string_view>;
void decode_command(const Cursor& at, const Names& names, std::vector<std::string>& out);
void decode_result(const Cursor& at, const Names& names, ResultSpec& out);
void decode_initial(const Cursor& at, const SearchSpace& space, std::vector<Values>& out);

void decode_extras(const Cursor& root, std::map<std::string, std::string>& out);

// What only the whole study can tell: initial params and trials, slots and parallel, ….
void check_together(const Cursor& root, const StudySpec& spec);
void check_batch(const Cursor& root, const StudySpec& spec);
// What worker jobs need and cannot have; without "parallel" all of their slots are used.
void check_workers(const Cursor& root, StudySpec& spec);
void check_conditional(const Cursor& root, const StudySpec& spec);

}  // namespace hpo::decode
