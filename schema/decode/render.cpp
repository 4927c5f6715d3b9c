// render, render_all: problems for people, in the way of rustc.
//
//   study.json:3:13: error[HPO-E0104] unknown parameter type "flaot"
//     3 |     "lr": { "flaot": [1e-5, 1e-1], "log": true }
//       |             ^^^^^^^ did you mean "float"?
//     at /space/lr   known types: float int choice …   more: hpo explain HPO-E0104
//
// Pure, any thread.
#include <algorithm>

#include "schema/decode/decode.hpp"
#include "schema/decode/display.hpp"
#include "schema/decode/render_excerpt.hpp"

namespace hpo {
namespace {

constexpr std::size_t line_columns_max = 100;
constexpr std::size_t pointer_characters_max = 80;

bool is_word(std::string_view suggestion) {
  return !suggestion.empty() && suggestion.find(' ') == std::string_view::npos;
}

std::string advice(const Problem& problem) {
  if (problem.suggestion.empty()) return {};
  const std::string text = decode::visible(problem.suggestion);
  return is_word(problem.suggestion) ? did_you_mean(text) : text;
}

std::string severity_text(const Problem& problem) {
  return (problem.severity == Severity::error ? "error[" : "warning[") + problem.code + "]";
}

std::string place(const Problem& problem) {
  return std::to_string(problem.line) + ":" + std::to_string(problem.column);
}

std::string pointer_text(const Problem& problem) {
  const std::string pointer = decode::clipped(problem.pointer, pointer_characters_max);
  return pointer.empty() ? "the top level" : decode::visible(pointer);
}

// /objective/minimise → "minimize" (4:18)
std::string brief(const Problem& problem) {
  return pointer_text(problem) + " → \"" + decode::visible(problem.suggestion) + "\" (" +
         place(problem) + ")";
}

std::string one_line(const Problem& problem) {
  std::string line = "  " + place(problem) + ": " + severity_text(problem) + " " +
                     decode::visible(problem.message);
  if (!problem.pointer.empty()) line += " at " + pointer_text(problem);
  const std::string text = advice(problem);
  return line + (text.empty() ? "" : "\n      " + text) + "\n";
}

// Words in lines of at most line_columns_max, each indented by two.
std::string wrapped(std::string_view words) {
  std::string out;
  std::size_t column = 0;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    const std::size_t width = decode::count_characters(word) + 1;
    if (column + width > line_columns_max && column > 0) column = 0;
    if (column == 0) out += out.empty() ? " " : "\n ";
    out.append(" ").append(word);
    column += width;
  }
  return out + "\n";
}

//   at /space/lr   known types: float int …   more: hpo explain HPO-E0104
std::string footer(const Problem& problem) {
  const std::string at = "  at " + pointer_text(problem);
  const std::string note = decode::visible(problem.note);
  const std::string more = "more: hpo explain " + problem.code;
  const std::string line = at + (note.empty() ? "" : "   " + note) + "   " + more + "\n";
  if (decode::count_characters(line) <= line_columns_max) return line;
  const bool says_more = !note.empty() && !is_word(problem.suggestion);
  return at + "   " + more + "\n" + (says_more ? wrapped(note) : "");
}

std::string heading(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " more problem:" : " more problems:");
}

// In a line if all are misspelt words and fit; else one line each.
std::string render_rest(const std::vector<const Problem*>& rest, int more) {
  const std::size_t count = rest.size() + static_cast<std::size_t>(more);
  if (count == 0) return {};
  std::string line = heading(count);
  std::string list = heading(count) + "\n";
  bool is_brief = more == 0;
  for (const Problem* problem : rest) {
    line += (problem == rest.front() ? " " : ", ") + brief(*problem);
    list += one_line(*problem);
    is_brief = is_brief && is_word(problem->suggestion);
  }
  if (more > 0) list += "  and " + std::to_string(more) + " behind these; mend these first\n";
  return is_brief && decode::count_characters(line) <= line_columns_max ? line + "\n" : list;
}

}  // namespace

std::string render(const Problem& problem, std::string_view text, std::string_view file_name) {
  const std::string number = std::to_string(problem.line);
  const std::string margin(number.size() + 2, ' ');
  const decode::Excerpt excerpt = decode::make_excerpt(text, problem.at);
  const std::string help = advice(problem);
  std::string out = decode::visible(file_name) + ":" + place(problem) + ": " +
                    severity_text(problem) + " " + decode::visible(problem.message) + "\n";
  out += "  " + number + " | " + excerpt.line + "\n";
  const std::string carets = margin + " | " + excerpt.carets;
  const bool fits = decode::count_characters(carets) + 1 + decode::count_characters(help) <=
                    line_columns_max;
  out += carets + (help.empty() || !fits ? "" : " " + help) + "\n" + (fits ? "" : wrapped(help));
  return out + footer(problem);
}

std::string render_all(const DecodedStudy& decoded, std::string_view text,
                       std::string_view file_name) {
  const auto& problems = decoded.problems;
  if (problems.empty()) return {};
  const auto error = std::find_if(problems.begin(), problems.end(), [](const Problem& problem) {
    return problem.severity == Severity::error;
  });
  const Problem& first = error != problems.end() ? *error : problems.front();
  std::vector<const Problem*> rest;
  for (const Problem& problem : problems) {
    if (&problem != &first) rest.push_back(&problem);
  }
  return render(first, text, file_name) + render_rest(rest, decoded.problems_more);
}

}  // namespace hpo
