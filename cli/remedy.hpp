// Every error of hpo ends with something to type. Pure.
#pragma once

#include <string>
#include <string_view>

namespace hpo::cli {

// True if the text names a command: "hpo status", "export HPO_STATE_DIR=…".
bool names_command(std::string_view remedy);

// The remedy, and `command` behind it if it names none itself.
std::string with_command(std::string remedy, const std::string& command);

// What to look at when nothing better is known: the place if it is a file, or the help.
std::string command_for(std::string_view where);

}  // namespace hpo::cli
