// How hpo speaks: results on stdout, everything for people on stderr.
//
// On a terminal tables are aligned and coloured; in a pipe they are TSV with one header line, all
// digits and no colours, so that a script reads the same columns for ever.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/answer.hpp"
#include "cli/terminal.hpp"

namespace hpo::cli {

struct Cell {
  std::string text{};
  Style style = Style::plain;
};

enum class Align { left, right };

class Table {
 public:
  static constexpr std::size_t cell_width_min = 6;  // narrower cells say nothing

  void column(std::string name, Align align = Align::left);
  // REQUIRES: one cell per column
  void row(std::vector<Cell> cells);
  bool empty() const { return rows_.empty(); }

  // Aligned text for a terminal (too wide cells are cut, widest first), or TSV.
  std::string render(const Terminal& terminal) const;

 private:
  std::string aligned(const Terminal& terminal) const;
  std::string separated() const;
  std::vector<std::size_t> widths(std::size_t width_max) const;

  std::vector<std::string> names_{};
  std::vector<Align> aligns_{};
  std::vector<std::vector<Cell>> rows_{};
};

// To stdout. False if it could not be written (a full disk, a closed pipe).
bool print(std::string_view text);
bool print_line(std::string_view text);
// Flushes stdout; what could not be written turns ok into error.
ExitCode finish_output(ExitCode code);

// To stderr: "hpo: …", and a failure in full with its remedy. Returns the failure's exit code.
void note(std::string_view text);
ExitCode tell(const Failure& failure, const Terminal& terminal);
std::string failure_text(const Failure& failure, bool has_color);

// Asks on stderr; false unless the answer starts with y. REQUIRES: terminal.takes_input
bool confirm(std::string_view question);

}  // namespace hpo::cli
