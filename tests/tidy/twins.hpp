// Every source file of the floors below has a test that mirrors it, or a reason why not.
#pragma once

#include "tests/tidy/source.hpp"

namespace hpo::tidy {

// x/y_z.cpp is tested by tests/x/y_z_test.cpp, or as a part of y by tests/x/y_test.cpp; .py too.
Findings check_twins(const std::vector<std::string>& paths);

}  // namespace hpo::tidy
