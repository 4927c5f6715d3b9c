// A test that no tests.cmake names never runs, and nobody notices; a test that a list of faults
// names and that is not there has never run.
#pragma once

#include "tests/tidy/source.hpp"

namespace hpo::tidy {

// Every tests/**/*_test.{cpp,py} is named by one of the lists, itself or by a GLOB's pattern.
Findings check_lists(const std::vector<std::string>& paths, const std::vector<Source>& lists);

// Every "  `FILE`: name" of a list of faults is a file of tests/ with that name in it.
Findings check_fault_list(const Source& list, const std::vector<Source>& tests);

}  // namespace hpo::tidy
