// A verb of hpo: its name, what it does in a line, examples, and the function that carries it out.
//
// To add one: write cli/verbs/NAME.cpp, declare it in verbs.hpp, add its line to main.cpp's table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"

namespace hpo::cli {

class Arguments;

struct Context {
  Terminal terminal{};
  std::vector<std::string> typed{};  // the whole command line, to repeat it with ssh
};

struct Command {
  std::string_view name{};      // "submit", or "daemon start"
  std::string_view brief{};     // one line for the list of verbs
  std::string_view examples{};  // one a line, each with its reason behind a #
  ExitCode (*carry_out)(Arguments&, const Context&) = nullptr;
};

}  // namespace hpo::cli
