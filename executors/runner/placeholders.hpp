// {name} in one element of the command becomes a value; no shell ever sees it. Any thread.
//
// {{ and }} stand for braces. Braces around anything that is no name stay as they are, so JSON
// in an argument needs no escapes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/result.hpp"

namespace hpo::runner {

// Error: a name that is not known, with the nearest one that is.
Result<std::string> fill(std::string_view element,
                         const std::map<std::string, std::string>& values);

// For people to read: an element with an unknown name stays as it is.
std::vector<std::string> fill_known(const std::vector<std::string>& command,
                                    const std::map<std::string, std::string>& values);

}  // namespace hpo::runner
