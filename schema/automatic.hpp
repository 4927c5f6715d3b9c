// What "strategy": "auto" stands for: one table of rules, of which the first that fits decides.
//
// A function of the spec alone, so that a study that is asked again gets the same answer.
// Any thread.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "schema/study.hpp"

namespace hpo {

// What the rules look at.
struct StudyShape {
  double combinations = 1.0;  // of values, at most: conditions and constraints may forbid some
  int varied = 0;             // parameters of more than one value
  int trials = 0;
  int at_once = 1;            // trials
  double seconds = std::numeric_limits<double>::infinity();  // per trial, if it uses all its time
  bool is_noisy = false;      // a second look at the same values is worth a trial
  bool may_end_early = false; // by `time` or `patience`
};

StudyShape shape_of(const StudySpec& spec);

struct AutoRule {
  bool (*fits)(const StudyShape&) = nullptr;
  std::string_view when{};      // the same in words
  std::string_view strategy{};
  std::string_view because{};
};

// In the order in which they are tried. The last one always fits.
std::span<const AutoRule> auto_rules();

const AutoRule& auto_rule(const StudyShape& shape);

// "6 parameters, 200 trials, 8 at a time: a model of the values needs the fewest trials".
std::string auto_words(const StudyShape& shape);

}  // namespace hpo
