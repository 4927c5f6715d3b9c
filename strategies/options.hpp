// Refuses the options that a strategy does not know, once for all strategies. Any thread.
#pragma once

#include <initializer_list>
#include <string_view>

#include "schema/study.hpp"

namespace hpo {

// Error: invalid_argument, naming the known options.
Result<void> check_options(const StudySpec& spec, std::initializer_list<std::string_view> known);

}  // namespace hpo
