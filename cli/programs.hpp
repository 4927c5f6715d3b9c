// Programs on this machine: where `hpo` lies, and others in PATH.
#pragma once

#include <string>
#include <string_view>

#include "schema/result.hpp"

namespace hpo::cli {

// The first executable regular file of that name in PATH; "" if there is none.
std::string find_program(std::string_view name, std::string_view path);

// The absolute path of this program, which jobs run as `hpo exec`; "" if the kernel does not tell.
std::string own_program();

// The daemon beside this program, else in PATH. Error: not_found.
Result<std::string> find_hpod();

// This process goes on as that program, with one option. Returns only if it cannot.
Error become_hpod(const std::string& program, std::string option);

}  // namespace hpo::cli
