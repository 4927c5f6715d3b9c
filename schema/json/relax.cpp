// One pass over the text: strings are stepped over, the rest is blanked where JSON forbids it.
//
// Pure, any thread.
#include "schema/json/relax.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>

namespace hpo::json {
namespace {

constexpr std::size_t digits_max = std::numeric_limits<double>::max_exponent10;  // always finite

bool is_word_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
         c == '-' || c == '.' || c == '_';
}

class Relaxer {
 public:
  Relaxer(std::string_view text, const Relaxation& relaxation)
      : text_(text), relaxation_(relaxation), out_{.text = std::string(text)} {}

  Relaxed finish() && {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"') {
      significant(c, string_end(text_, at_));
    } else if (relaxation_.comments && c == '/' && blank_comment()) {
      return;
    } else if (relaxation_.comments && (c == ']' || c == '}')) {
      if (last_ == ',' && before_last_ == 'v') out_.text[last_at_] = ' ';
      significant('v', at_ + 1);  // a closed container is a value to what follows
    } else if (is_word_byte(c)) {
      const std::size_t end = word_end(text_, at_);
      if (relaxation_.non_finite) blank_non_finite(end);
      significant('v', end);
    } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      ++at_;
    } else {
      significant(c, at_ + 1);
    }
  }

  // Remembers what the last two tokens were: a comma is only "trailing" behind a value.
  void significant(char what, std::size_t end) {
    before_last_ = last_;
    last_ = what == '"' ? 'v' : what;
    last_at_ = at_;
    at_ = end;
  }

  bool blank_comment() {
    const std::string_view rest = text_.substr(at_, 2);
    if (rest != "//" && rest != "/*") return false;
    const bool is_block = rest == "/*";
    const std::size_t found = is_block ? text_.find("*/", at_ + 2) : text_.find('\n', at_);
    if (is_block && found == std::string_view::npos) out_.open_comment = at_;
    const std::size_t end = found == std::string_view::npos ? text_.size()
                                                            : found + (is_block ? 2 : 0);
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') out_.text[at_] = ' ';
    }
    return true;
  }

  void blank_non_finite(std::size_t end) {
    const std::string word(text_.substr(at_, end - at_));
    const bool is_python = word == "NaN" || word == "Infinity" || word == "-Infinity";
    if (is_python || (relaxation_.any_form && is_non_finite_word(word))) return put_zero(word);
    const std::size_t exponent = word.find_first_of("eE");
    const bool is_plain = exponent == std::string::npos;
    if (is_plain ? !relaxation_.any_form || word.size() <= digits_max : exponent == 0) return;
    char* stop = nullptr;
    const double number = std::strtod(word.c_str(), &stop);
    if (!std::isinf(number) || stop != word.c_str() + word.size()) return;
    if (is_plain) return put_zero(word);
    out_.text.replace(at_ + exponent, word.size() - exponent, word.size() - exponent, ' ');
  }

  void put_zero(std::string_view word) {
    out_.text.replace(at_, word.size(), word.size(), ' ');
    out_.text[at_] = '0';
  }

  std::string_view text_;
  Relaxation relaxation_;
  Relaxed out_;
  std::size_t at_ = 0;
  std::size_t last_at_ = 0;
  char last_ = ' ';         // 'v' for a value, else the byte itself
  char before_last_ = ' ';
};

}  // namespace

Relaxed relax(std::string_view text, const Relaxation& relaxation) {
  return Relaxer(text, relaxation).finish();
}

bool is_non_finite_word(std::string_view word) {
  if (word.starts_with('-')) word.remove_prefix(1);
  return word == "NaN" || word == "nan" || word == "Infinity" || word == "inf";
}

std::size_t string_end(std::string_view text, std::size_t offset) {
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return text.size();
}

std::size_t word_end(std::string_view text, std::size_t offset) {
  while (offset < text.size() && is_word_byte(text[offset])) ++offset;
  return offset;
}

}  // namespace hpo::json
