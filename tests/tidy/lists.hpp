// A test that no tests.cmake names never runs, and nobody notices.
#pragma once

#include "tests/tidy/source.hpp"

namespace hpo::tidy {

// Every tests/**/*_test.{cpp,py} is named by one of the lists, itself or by a GLOB's pattern.
Findings check_lists(const std::vector<std::string>& paths, const std::vector<Source>& lists);

}  // namespace hpo::tidy
