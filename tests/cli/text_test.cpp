// Small texts for people.
#include "cli/text.hpp"

#include <catch2/catch.hpp>

using namespace hpo::cli;

TEST_CASE("a duration has one or two units", "[cli]") {
  const auto [seconds, text] = GENERATE(table<double, const char*>({{0.04, "0.0 s"},
                                                                    {0.44, "0.4 s"},
                                                                    {9.96, "10 s"},
                                                                    {59.4, "59 s"},
                                                                    {60, "1 min"},
                                                                    {200, "3 min 20 s"},
                                                                    {7500, "2 h 5 min"},
                                                                    {86400, "1 d"},
                                                                    {273600, "3 d 4 h"},
                                                                    {-1, "?"}}));
  CHECK(duration_text(seconds) == text);
}

TEST_CASE("a cut text fits its width in characters, not bytes", "[cli]") {
  CHECK(cut("épée", 4, true) == "épée");
  CHECK(cut("épées", 4, true) == "épé…");
  CHECK(cut("abcdef", 4, false) == "abc~");
  CHECK(display_width("épée") == 4);
}

TEST_CASE("a quoted word is one word to a shell", "[cli]") {
  CHECK(shell_quoted("--lr=0.001") == "--lr=0.001");
  CHECK(shell_quoted("a b") == "'a b'");
  CHECK(shell_quoted("it's") == "'it'\\''s'");
  CHECK(shell_quoted("$(rm -rf /)") == "'$(rm -rf /)'");
  CHECK(shell_quoted("") == "''");
  CHECK(shell_quoted("~") == "'~'");
  CHECK(shell_quoted(std::vector<std::string>{"a", "b c"}) == "a 'b c'");
}

TEST_CASE("a name cannot leave its segment of a URL", "[cli]") {
  CHECK(url_encoded("jets-2_a.b") == "jets-2_a.b");
  CHECK(url_encoded("../a?b c") == "..%2Fa%3Fb%20c");
}

TEST_CASE("UTC times are read to the millisecond, anything else is not", "[cli]") {
  CHECK(*utc_seconds("1970-01-02T00:00:01.500Z") == Approx(86401.5));
  CHECK_FALSE(utc_seconds("yesterday"));
  CHECK_FALSE(utc_seconds(""));
  CHECK_FALSE(utc_seconds("2026-11-21T11:30:00"));
}

TEST_CASE("the last lines are those before the last line feed", "[cli]") {
  CHECK(last_lines("a\nb\nc\n", 2) == std::vector<std::string>{"b", "c"});
  CHECK(last_lines("a", 5) == std::vector<std::string>{"a"});
  CHECK(last_lines("\na\n\n", 5) == std::vector<std::string>{"", "a"});
  CHECK(last_lines("", 5).empty());
}

TEST_CASE("lines are joined where there is room for one", "[cli]") {
  CHECK(on_one_line("a\nb\nc") == "a; b; c");
  CHECK(on_one_line("").empty());
}

TEST_CASE("nouns are counted", "[cli]") {
  CHECK(counted(1, "trial") == "1 trial");
  CHECK(counted(0, "trial") == "0 trials");
}
