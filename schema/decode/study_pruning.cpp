// Pruners that can never do what they are there for, and keys that they do not look at. All of
// these are warnings: the study runs, but as if nobody had asked for it. See sections.hpp.
#include <algorithm>
#include <cmath>

#include "schema/decode/display.hpp"
#include "schema/decode/sections.hpp"
#include "schema/pruner_list.hpp"
#include "schema/pruner_options.hpp"
#include "schema/rungs.hpp"
#include "schema/strategy_list.hpp"

namespace hpo::decode {
namespace {

// With its default, which may be what is wrong. nullopt: this pruner has no such option.
std::optional<ParamValue> option_of(const PrunerSpec& pruner, std::string_view name) {
  const auto written = pruner.options.find(std::string(name));
  if (written != pruner.options.end()) return written->second;
  for (const Option& option : options_of(pruner_options(), pruner.type)) {
    if (option.name == name) return option.fallback;
  }
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const PrunerSpec& pruner, std::string_view name) {
  const auto value = option_of(pruner, name);
  const auto* number = value ? std::get_if<std::int64_t>(&*value) : nullptr;
  return number != nullptr ? std::optional(*number) : std::nullopt;
}

bool pauses(const PrunerSpec& pruner) {
  return option_of(pruner, "type") == ParamValue(std::string(halving_promotion));
}

// At the option where it is written, else at the pruner whose default it is.
void warn_option(const Cursor& pruner, std::string_view name, Finding finding) {
  const auto options = pruner.find("options");
  const auto written = options ? options->find(name) : std::nullopt;
  (written ? *written : pruner).add(std::move(finding));
}

// The last trial of the budget has one less before it than there are.
void warn_trials(const Cursor& at, const StudySpec& spec) {
  const int trials = spec.budget.trials;
  bool is_said = false;
  for (const char* name : {"startup_trials", "min_trials"}) {
    const auto first = integer_of(spec.pruner, name);
    const bool is_default = !spec.pruner.options.contains(name);
    if (!first || std::max<std::int64_t>(*first, 1) < trials || (is_said && is_default)) continue;
    is_said = true;
    const std::string more = "raise \"trials\" in \"budget\"";
    warn_option(at, name,
                {.code = Code::key_without_effect,
                 .message = "no trial is ever judged: " + quoted(name) + " is " +
                            std::to_string(*first) + ", and the budget has " +
                            std::to_string(trials) + " trial(s)",
                 .suggestion = trials == 1 ? more : "set " + quoted(name) + " below " +
                                                    std::to_string(trials) + ", or " + more});
  }
}

// At "max" a training is whole, so nothing is saved by stopping it there.
void warn_steps(const Cursor& at, const StudySpec& spec) {
  if (!spec.fidelity) return;
  const std::int64_t max = spec.fidelity->max;
  for (const char* name : {"warmup_steps", "startup_steps"}) {
    const auto first = integer_of(spec.pruner, name);
    if (!first || *first < max) continue;
    warn_option(at, name,
                {.code = Code::key_without_effect,
                 .message = "no trial stops before its end: " + quoted(name) + " is " +
                            std::to_string(*first) + ", and a whole training has " +
                            std::to_string(max) + " steps",
                 .suggestion = "set " + quoted(name) + " below the \"max\" of \"fidelity\", " +
                               std::to_string(max)});
  }
}

void warn_threshold(const Cursor& at, const StudySpec& spec) {
  if (option_of(spec.pruner, "p_threshold") != ParamValue(0.0)) return;
  warn_option(at, "p_threshold",
              {.code = Code::key_without_effect,
               .message = "no trial ever stops: no test finds a p below 0",
               .suggestion = "raise it, or leave it out to have 0.1"});
}

void warn_brackets(const Cursor& at, const StudySpec& spec) {
  const auto brackets = integer_of(spec.pruner, "brackets");
  if (!brackets || !spec.fidelity || *brackets <= bracket_count(*spec.fidelity)) return;
  warn_option(at, "brackets",
              {.code = Code::limit_without_effect,
               .message = std::to_string(*brackets) + " brackets, but " +
                          std::to_string(bracket_count(*spec.fidelity)) +
                          " fit between min and max of the fidelity",
               .suggestion = "leave \"brackets\" out to have these, or lower \"min\" or "
                             "\"eta\" to have more"});
}

// One in eta goes on at each rung; those that still pause when the study ends are pruned.
void warn_promotion(const Cursor& at, const StudySpec& spec) {
  if (spec.pruner.type != "asha" || !spec.fidelity || !pauses(spec.pruner)) return;
  const auto rungs = static_cast<double>(rung_steps(*spec.fidelity).size());
  const double needed = std::ceil(std::pow(spec.fidelity->eta, rungs));
  if (spec.budget.trials >= needed) return;
  const std::string one_in = std::to_string(std::llround(needed));
  warn_option(at, "type",
              {.code = Code::limit_without_effect,
               .message = "perhaps no trial trains to its end: about one in " + one_in +
                          " goes on at all rungs, and the budget has " +
                          std::to_string(spec.budget.trials),
               .suggestion = "give \"trials\" of \"budget\" " + one_in +
                             " or more, raise \"min\" of \"fidelity\", or use \"stopping\""});
}

bool learns_at_rungs(const StrategySpec& strategy) {
  const auto found = std::ranges::find(strategy_list, strategy.type, &StrategyText::name);
  return strategy.type == "external" ||
         (found != strategy_list.end() && found->needs_fidelity);
}

void warn_ignored(const Cursor& fidelity, std::string_view key, const std::string& what,
                  const std::string& mend) {
  const auto at = fidelity.find(key);
  if (!at) return;
  at->add_to_key({.code = Code::key_without_effect, .message = what, .suggestion = mend});
}

// What median, percentile and wilcoxon do not look at. "none" is there to compare with.
void warn_fidelity_keys(const Cursor& fidelity, const StudySpec& spec) {
  const std::string pruner = "the pruner " + quoted(spec.pruner.type);
  if (spec.fidelity->checkpoint) {
    warn_ignored(fidelity, "checkpoint", "\"checkpoint\" is ignored: " + pruner +
                 " lets no trial pause", "remove it, or write \"pruner\": {\"type\": \"asha\", "
                 "\"options\": {\"type\": \"promotion\"}}");
  }
  if (learns_at_rungs(spec.strategy)) return;
  warn_ignored(fidelity, "eta", "\"eta\" is ignored: " + pruner + " has no rungs",
               "remove it, or write \"pruner\": \"asha\"");
  const bool is_test = spec.pruner.type == "wilcoxon";
  const char* instead = is_test ? "startup_steps" : "warmup_steps";
  const auto first = integer_of(spec.pruner, instead);
  if (spec.fidelity->min == 1 || spec.pruner.options.contains(instead)) return;
  warn_ignored(fidelity, "min",
               "\"min\" is ignored: " + pruner + " judges from " +
               (is_test ? std::to_string(*first) + " common steps on" : "the first report on"),
               "add \"options\": {\"" + std::string(instead) + "\": " +
               std::to_string(spec.fidelity->min) + "} to the pruner, or write \"min\": 1");
}

}  // namespace

void warn_judging(const Cursor& root, const StudySpec& spec) {
  const auto at = root.find("pruner");
  const auto fidelity = root.find("fidelity");
  if (!at || spec.pruner.type == "none" || root.errors() > 0) return;
  warn_trials(*at, spec);
  warn_steps(*at, spec);
  warn_threshold(*at, spec);
  warn_brackets(*at, spec);
  warn_promotion(*at, spec);
  const auto pruner = std::ranges::find(pruner_list, spec.pruner.type, &PrunerText::name);
  const bool has_rungs = pruner != pruner_list.end() && pruner->needs_fidelity;
  if (fidelity && spec.fidelity && !has_rungs) warn_fidelity_keys(*fidelity, spec);
}

}  // namespace hpo::decode
