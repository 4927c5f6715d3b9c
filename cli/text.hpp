// Small texts for people: durations, numbers, widths, words quoted for a shell. Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpo::cli {

// Characters on the screen: code points, as if each took one cell.
std::size_t display_width(std::string_view text);

// The text in at most `width` cells, its end replaced by … (or ~) if it was longer.
std::string cut(std::string_view text, std::size_t width, bool has_unicode);

// "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"
std::string duration_text(double seconds);

// At most six significant digits: for tables on a terminal. Elsewhere json::number_text.
std::string short_number(double number);

// The word as a POSIX shell reads it back; unchanged if it needs no quotes.
std::string shell_quoted(std::string_view word);
std::string shell_quoted(const std::vector<std::string>& words);

// Percent-encoded for one segment of a URL's path or for a query value.
std::string url_encoded(std::string_view text);

// "1 trial", "2 trials"
std::string counted(std::int64_t count, std::string_view noun);

// Seconds since 1970 of "2026-11-21T11:30:00.123Z"; nullopt for anything else.
std::optional<double> utc_seconds(std::string_view text);

// The text with blanks in front of every line but the first.
std::string indented(std::string_view text, std::size_t columns);

std::string first_line(std::string_view text);

// "a; b" of two lines.
std::string on_one_line(std::string_view text);

// The last `count` lines, without a line feed at the end.
std::vector<std::string> last_lines(std::string_view text, std::size_t count);

}  // namespace hpo::cli
