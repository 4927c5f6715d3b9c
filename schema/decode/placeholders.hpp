// {name} in "command" and "result.file": which names a text asks for.
//
// The same rules as executors/runner/placeholders.cpp, which fills them in; a test of each side
// holds them together by examples. Pure, any thread.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "schema/decode/cursor.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {

// Always there, in every study.
inline constexpr std::array<std::string_view, 10> builtin_placeholders{
    "params_file", "trial", "seed", "study", "attempt",
    "slot", "workdir", "result_file", "trial_dir", "checkpoint_dir"};

// Where there is a "fidelity". A parameter may be called so, too, and is meant then: studies of
// builds that did not know it go on.
inline constexpr std::string_view fidelity_placeholder = "fidelity_max";

struct Placeholder {
  std::string_view name{};
  std::size_t offset = 0;    // of its '{'
  bool is_replaced = true;   // false: "{ lr }" or "{lr:.3f}", which looks like one and is none
};

// In the order of the text. {{ and }} are braces; {…} around anything that is no name stays.
std::vector<Placeholder> find_placeholders(std::string_view text);

// Adds a problem if this string has a placeholder that nothing will replace. Answers with the
// known names that were meant, "{lr:.3f}" included.
std::vector<std::string_view> check_placeholders(const Cursor& at, const Names& names);

}  // namespace hpo::decode
