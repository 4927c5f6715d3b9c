// Which keys an object may have: known ones, ones that come later, and misspelt ones.
//
// Pure but for the problems it adds; one thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/decode/cursor.hpp"

namespace hpo::decode {

// The objects of a study that have keys or words of their own.
enum class Section {
  study, parameter, condition, objective, strategy, executor, slurm, environment, container,
  budget, retry, scale, result, fidelity, pruner, strategy_type, pruner_type, executor_type,
  dispatch, format, option
};

// A key or word that is planned and not here yet.
std::optional<Code> find_later(Section section, std::string_view word);
Finding not_available(Code code, std::string_view word);

// What other tools call it: "n_trials" -> "budget": {"trials": …}. "" if unknown.
std::string_view find_familiar(Section section, std::string_view word);

// Adds a problem for each key that is neither known nor one of `elsewhere`, which the caller
// reports. Answers with the known keys that were probably meant, so that they are not reported as
// missing too.
std::vector<std::string_view> check_keys(const Cursor& object, Section section,
                                         std::span<const std::string_view> known,
                                         std::span<const std::string_view> elsewhere = {});

// A word that is none of `known`: not available in this version, or misspelt.
Finding unknown_word(Section section, std::string_view what, std::string_view word,
                     std::span<const std::string_view> known);

}  // namespace hpo::decode
