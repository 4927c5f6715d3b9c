// Colours and widths follow the habits of gh.
#include "cli/terminal.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace hpo::cli;

namespace {

using Variables = std::map<std::string, std::string>;

Terminal terminal(bool is_tty, const Variables& variables) {
  const Streams streams{.in_is_tty = is_tty, .out_is_tty = is_tty, .err_is_tty = is_tty,
                        .width = is_tty ? 80 : 0, .height = is_tty ? 24 : 0};
  return terminal_of(streams, [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  });
}

}  // namespace

TEST_CASE("colours are for terminals, unless the environment says otherwise", "[cli]") {
  CHECK(terminal(true, {}).has_color);
  CHECK_FALSE(terminal(false, {}).has_color);
  CHECK_FALSE(terminal(true, {{"NO_COLOR", "1"}}).has_color);
  CHECK_FALSE(terminal(true, {{"CLICOLOR", "0"}}).has_color);
  CHECK_FALSE(terminal(true, {{"TERM", "dumb"}}).has_color);
  CHECK(terminal(false, {{"CLICOLOR_FORCE", "1"}}).has_color);
  CHECK_FALSE(terminal(false, {{"CLICOLOR_FORCE", "0"}}).has_color);
  CHECK_FALSE(terminal(false, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}).has_color);
}

TEST_CASE("HPO_FORCE_TTY makes a pipe a terminal, a number above 1 is its width", "[cli]") {
  CHECK_FALSE(terminal(false, {}).is_tty);
  CHECK(terminal(false, {{"HPO_FORCE_TTY", "1"}}).is_tty);
  CHECK(terminal(false, {{"HPO_FORCE_TTY", "1"}}).width == Terminal::width_default);
  CHECK(terminal(false, {{"HPO_FORCE_TTY", "132"}}).width == 132);
  CHECK_FALSE(terminal(false, {{"HPO_FORCE_TTY", "132"}}).takes_input);
}

TEST_CASE("the first locale variable that is set decides about Unicode", "[cli]") {
  CHECK(terminal(true, {{"LANG", "C.UTF-8"}}).has_unicode);
  CHECK(terminal(true, {{"LC_ALL", "de_DE.utf8"}, {"LANG", "C"}}).has_unicode);
  CHECK_FALSE(terminal(true, {{"LC_ALL", "C"}, {"LANG", "C.UTF-8"}}).has_unicode);
  CHECK_FALSE(terminal(true, {}).has_unicode);
}

TEST_CASE("what would move the cursor is shown, not obeyed", "[cli]") {
  CHECK(printable("a\x1b[2Jb") == "a\xEF\xBF\xBD[2Jb");
  CHECK(printable("line\n\ttab") == "line\n\ttab");
  CHECK(printable("50%\r100%") == "50%100%");
  CHECK(printable("\xC3\xA9\xE2\x82\xAC") == "\xC3\xA9\xE2\x82\xAC");
  CHECK(printable("\xC2\x9B") == "\xEF\xBF\xBD");         // C1 control sequence introducer
  CHECK(printable("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");  // cut off in a character
}
