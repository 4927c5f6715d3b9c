// Banned calls with their replacement, and the glossary: one word per idea.
#pragma once

#include "tests/tidy/source.hpp"

namespace hpo::tidy {

Findings check_banned_calls(const Source& source);
Findings check_glossary(const Source& source);

}  // namespace hpo::tidy
