// The studies that a strategy is tried on: every kind of parameter, few and many, both directions.
#pragma once

#include <string>
#include <vector>

#include "schema/study.hpp"

namespace hpo::conformance {

struct Case {
  std::string name{};  // for people: "one float", "mixed, maximised"
  StudySpec spec{};
};

// `base` says which strategy, where and in which environment; its space counts for nothing.
std::vector<Case> cases_for(const StudySpec& base);

// Four sets of values, without noise: they end by themselves.
Case finite_case(const StudySpec& base);

}  // namespace hpo::conformance
