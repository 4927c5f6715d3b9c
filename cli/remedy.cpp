// Remedies of the floors below speak to everybody; at a shell there is something to type.
#include "cli/remedy.hpp"

#include <algorithm>
#include <iterator>

#include "cli/text.hpp"

namespace hpo::cli {
namespace {

constexpr std::string_view commands[] = {"hpo ", "hpod ", "ssh ", "export ", "df ", "ls "};
constexpr std::string_view begins_word_after = " '`\"(:";

}  // namespace

bool names_command(std::string_view remedy) {
  return std::any_of(std::begin(commands), std::end(commands), [remedy](std::string_view command) {
    const std::size_t at = remedy.find(command);
    if (at == std::string_view::npos) return false;
    return at == 0 || begins_word_after.find(remedy[at - 1]) != std::string_view::npos;
  });
}

std::string with_command(std::string remedy, const std::string& command) {
  if (names_command(remedy)) return remedy;
  return remedy.empty() ? command : remedy + "; " + command;
}

std::string command_for(std::string_view where) {
  const bool is_path = where.starts_with('/') && where.find(' ') == std::string_view::npos;
  return is_path ? "ls -ld " + shell_quoted(where) : "hpo --help";
}

}  // namespace hpo::cli
