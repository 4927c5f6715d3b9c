// What only the whole study can tell. See sections.hpp.
#include <algorithm>
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/placeholders.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

// Any of these makes a path differ between trials that run at once.
constexpr std::array<std::string_view, 4> telling{"trial", "trial_dir", "slot", "checkpoint_dir"};

std::optional<Cursor> find_below(const Cursor& root, std::string_view section,
                                 std::string_view key) {
  const auto object = root.find(section);
  return object ? object->find(key) : std::nullopt;
}

void check_initial(const Cursor& root, const StudySpec& spec) {
  const auto at = root.find("initial");
  const auto trials = static_cast<std::size_t>(spec.budget.trials);
  if (!at || at->node().items.size() <= trials) return;
  at->add_to_key({.code = Code::initial_above_budget,
                  .message = std::to_string(at->node().items.size()) +
                             " initial params, but the budget has " +
                             std::to_string(spec.budget.trials) + " trials",
                  .suggestion = "raise \"trials\" in \"budget\", or remove some of them"});
}

void warn_slots(const Cursor& root, const StudySpec& spec) {
  const auto at = find_below(root, "executor", "slots");
  if (!at || !spec.executor.slots || *spec.executor.slots <= spec.parallel) return;
  if (spec.is_pulled() || is_batch(spec.executor.type)) return;  // they are a worker's
  at->add({.code = Code::limit_without_effect,
           .message = std::to_string(*spec.executor.slots) + " slots, but \"parallel\" is " +
                      std::to_string(spec.parallel),
           .suggestion = "set \"parallel\": " + std::to_string(*spec.executor.slots) +
                         " to use them all"});
}

void warn_patience(const Cursor& root, const StudySpec& spec) {
  const auto at = find_below(root, "budget", "patience");
  if (!at || !spec.budget.patience || *spec.budget.patience < spec.budget.trials) return;
  at->add({.code = Code::limit_without_effect,
           .message = "patience " + std::to_string(*spec.budget.patience) +
                      " never ends a study of " + std::to_string(spec.budget.trials) + " trials",
           .suggestion = "lower \"patience\", or remove it"});
}

void warn_shared_file(const Cursor& root, const StudySpec& spec) {
  const auto at = find_below(root, "result", "file");
  if (!at || spec.slots() == 1) return;
  for (const Placeholder& placeholder : find_placeholders(spec.result.file)) {
    if (std::find(telling.begin(), telling.end(), placeholder.name) != telling.end()) return;
  }
  at->add({.code = Code::shared_result_file,
           .message = std::to_string(spec.slots()) + " trials at once write to the same file",
           .suggestion = "put {trial} into the name, or leave \"file\" out"});
}

// Programs that ask by themselves start their own trainings.
void warn_warm(const Cursor& root, const StudySpec& spec) {
  const auto at = root.find("warm");
  if (!at || !spec.is_warm || root.find("command")) return;
  at->add_to_key({.code = Code::key_without_effect,
                  .message = "there is no \"command\" whose script a worker could keep loaded",
                  .suggestion = "add \"command\": [\"python3\", \"train.py\"], or remove "
                                "\"warm\""});
}

// A container holds one training; there is no process in it that could be asked for the next.
void check_warm(const Cursor& root, const StudySpec& spec) {
  if (!spec.is_warm || !spec.is_pulled() || !spec.environment.container) return;
  root.find("warm")->add_to_key({.code = Code::bad_workers,
                                 .message = "\"warm\" trainings cannot start in a container",
                                 .suggestion = "remove it, or \"container\" of \"environment\""});
}

}  // namespace

void check_together(const Cursor& root, const StudySpec& spec) {
  check_initial(root, spec);
  warn_slots(root, spec);
  warn_patience(root, spec);
  warn_shared_file(root, spec);
  warn_warm(root, spec);
  check_warm(root, spec);
}

}  // namespace hpo::decode
