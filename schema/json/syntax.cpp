// Turns a parser's "unexpected token" into a sentence that says how to mend the text.
//
// Pure, any thread.
#include "schema/json/syntax.hpp"

#include <algorithm>

#include "schema/json/relax.hpp"

namespace hpo::json {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// The token that could not be understood: blanks and separators before it were fine.
std::size_t fault_offset(std::string_view text, const SyntaxFault& fault) {
  const std::size_t last = std::min(text.size(), fault.read == 0 ? 0 : fault.read - 1);
  std::size_t offset = fault.since;
  while (offset < text.size()) {
    const char c = text[offset];
    if (!is_blank(c) && (offset >= last || (c != ',' && c != ':'))) break;
    ++offset;
  }
  return offset;
}

std::string line_of(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return std::to_string(1 + std::count(text.begin(), end, '\n'));
}

std::string end_words(std::string_view text, const SyntaxFault& fault) {
  if (fault.container == ' ') return "the text ends before a value; write one object { … }";
  const char closer = fault.container == '{' ? '}' : ']';
  return std::string("the text ends, but the '") + fault.container + "' of line " +
         line_of(text, fault.container_at) + " is not closed; add '" + closer + "'";
}

struct StringFault {
  std::string_view sign{};  // in the library's message
  std::string_view words{};
};

constexpr StringFault string_faults[] = {
    {"surrogate", "half of a \\uD8xx\\uDCxx pair; write both halves, or the character itself"},
    {"missing closing quote", "a string without its closing quote; add \""},
    {"must be escaped", "a line break or control character inside a string; close the string with"
                        " \" or write \\n, \\t or \\u00XX"},
    {"forbidden character after backslash", "no such escape; a backslash itself is written \\\\"},
    {"'\\u' must be followed by", "\\u takes four hexadecimal digits, as in \\u00e9"},
};

std::string_view string_words(std::string_view library_words) {
  for (const StringFault& fault : string_faults) {
    if (library_words.find(fault.sign) != std::string_view::npos) return fault.words;
  }
  return "a string that cannot be read";
}

std::string word_words(std::string_view word) {
  if (is_non_finite_word(word)) return number_words(word);
  if (word == "True" || word == "TRUE") return "'" + std::string(word) + "'; write true";
  if (word == "False" || word == "FALSE") return "'" + std::string(word) + "'; write false";
  if (word == "None" || word == "nil" || word == "undefined") {
    return "'" + std::string(word) + "'; write null, or leave the key out";
  }
  if (is_letter(word.front())) {
    return "'" + std::string(word.substr(0, 40)) + "' without quotes; text needs \"…\"";
  }
  return "'" + std::string(word.substr(0, 40)) +
         "' is not a number; write it as in 1, -0.5 or 1e-3 (no leading '+', '.' or '0')";
}

// The sentence if the byte is wrong wherever it stands; "" if it depends on the place.
std::string byte_words(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(offset);
  if (rest.front() == '\'') return "a single quote; strings take double quotes \"…\"";
  if (rest.starts_with("//") || rest.starts_with("/*") || rest.front() == '#') {
    return rest.front() == '#' ? "'#' begins no comment in JSON; remove it, or write // in a file"
                               : "comments are for files only; remove this one";
  }
  return {};
}

std::string place_words(char found, bool after_comma, const SyntaxFault& fault) {
  const std::string byte(1, found);
  if (fault.has_key) return "a ':' is missing between a key and its value";
  if (after_comma && (found == '}' || found == ']')) {
    return "a comma before '" + byte + "'; remove the comma";
  }
  if (found == ',') return "a comma without a value before it; remove it";
  if (fault.container == ' ' && fault.is_empty) return "'" + byte + "' closes nothing; remove it";
  if (fault.container == ' ') return "text behind the end of the JSON value; remove it";
  const char closer = fault.container == '{' ? '}' : ']';
  if ((found == '}' || found == ']') && found != closer) {
    return "'" + byte + "' closes a '" + fault.container + "'; write '" + closer + "'";
  }
  if (!after_comma && !fault.is_empty) return "a comma is missing before this";
  if (fault.container == '{') return "a key in double quotes is expected here";
  return "a value is expected here";
}

bool is_value_expected(char separator, const SyntaxFault& fault) {
  if (fault.has_key) return separator == ':';
  if (fault.container == '[') return separator == ',' || fault.is_empty;
  return fault.container == ' ' && fault.is_empty;
}

std::string token_words(std::string_view text, std::size_t offset, const SyntaxFault& fault) {
  if (const std::string words = byte_words(text, offset); !words.empty()) return words;
  const std::string_view between = text.substr(fault.since, offset - fault.since);
  const char separator = between.find(',') != std::string_view::npos   ? ','
                         : between.find(':') != std::string_view::npos ? ':'
                                                                       : ' ';
  const std::size_t end = word_end(text, offset);
  if (end > offset && is_value_expected(separator, fault)) {
    return word_words(text.substr(offset, end - offset));
  }
  if (separator == ':') return "a value is expected behind the ':'";
  return place_words(text[offset], separator == ',', fault);
}

// 01 and truex: the lexer took their beginning for the whole.
ParseProblem half_word_problem(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && word_end(text, begin - 1) == end) --begin;
  return {.code = "HPO-E0001", .message = word_words(text.substr(begin, end - begin)),
          .at = {.offset = begin, .length = end - begin}};
}

}  // namespace

std::string number_words(std::string_view word) {
  if (!is_non_finite_word(word)) return "a number beyond 1.8e308, the largest there is";
  return std::string(word) + " is no JSON number; write a finite one";
}

ParseProblem syntax_problem(std::string_view text, const SyntaxFault& fault) {
  if (fault.read <= fault.since && fault.since > 0) return half_word_problem(text, fault.since);
  const std::size_t offset = fault_offset(text, fault);
  ParseProblem problem{.code = "HPO-E0001", .at = {.offset = offset, .length = 0}};
  if (offset >= text.size()) {
    problem.message = end_words(text, fault);
    return problem;
  }
  const bool in_string = fault.library_words.find("invalid string") != std::string_view::npos;
  if (in_string) {
    const std::size_t read = std::min(fault.read, text.size());
    problem.at = {.offset = std::max(offset, read == 0 ? 0 : read - 1), .length = 1};
    problem.message = string_words(fault.library_words);
    if (problem.message.starts_with("half of")) problem.code = "HPO-E0005";
    return problem;
  }
  problem.at.length = std::max<std::size_t>(1, word_end(text, offset) - offset);
  problem.message = token_words(text, offset, fault);
  if (is_non_finite_word(text.substr(offset, problem.at.length))) problem.code = "HPO-E0006";
  return problem;
}

}  // namespace hpo::json
