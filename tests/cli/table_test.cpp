// Tables: TSV for scripts, aligned and never wider than it must be for people.
#include <catch2/catch.hpp>

#include "cli/output.hpp"
#include "cli/text.hpp"

using namespace hpo::cli;

namespace {

Table table() {
  Table table;
  table.column("NAME");
  table.column("BEST", Align::right);
  table.column("WHY");
  table.row({{.text = "jets"}, {.text = "0.87"}, {.text = "all slots are busy"}});
  table.row({{.text = "tab\there"}, {.text = "1"}, {.text = "two\nlines"}});
  return table;
}

Terminal tty(int width) {
  Terminal terminal;
  terminal.is_tty = true;
  terminal.has_unicode = true;
  terminal.width = width;
  return terminal;
}

}  // namespace

TEST_CASE("in a pipe a table is TSV with a header, and a cell is never two", "[cli]") {
  CHECK(table().render({}) ==
        "NAME\tBEST\tWHY\njets\t0.87\tall slots are busy\ntab here\t1\ttwo lines\n");
}

TEST_CASE("on a terminal columns are aligned, numbers to the right", "[cli]") {
  CHECK(table().render(tty(80)) ==
        "NAME      BEST  WHY\n"
        "jets      0.87  all slots are busy\n"
        "tab here     1  two lines\n");
}

TEST_CASE("a narrow terminal cuts the widest cells", "[cli]") {
  CHECK(table().render(tty(26)) ==
        "NAME      BEST  WHY\n"
        "jets      0.87  all slots…\n"
        "tab here     1  two lines\n");
}

TEST_CASE("colours do not count as width", "[cli]") {
  Terminal terminal = tty(80);
  terminal.has_color = true;
  Table colored;
  colored.column("A");
  colored.column("B");
  colored.row({{.text = "x", .style = Style::green}, {.text = "y"}});
  CHECK(colored.render(terminal) ==
        "\x1b[1mA\x1b[0m  \x1b[1mB\x1b[0m\n\x1b[32mx\x1b[0m  y\n");
}

TEST_CASE("a failure ends with the next command to type", "[cli]") {
  const Failure failure{.exit_code = ExitCode::unreachable,
                        .error = {hpo::ErrorCode::unavailable, "no daemon is running", "/state",
                                  "hpo daemon start"},
                        .details = "  a line\n"};
  CHECK(failure_text(failure, false) ==
        "error: no daemon is running\n  at   /state\n  a line\n  next hpo daemon start\n");
}
