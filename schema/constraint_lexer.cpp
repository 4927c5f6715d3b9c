// One look at the first byte tells what comes.
#include "schema/constraint_lexer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "schema/decode/display.hpp"

namespace hpo {
namespace {

bool is_digit_byte(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_in_name(char c) { return begins_name(c) || is_digit_byte(c) || c == '.' || c == '-'; }

constexpr std::string_view signs[] = {"<=", ">=", "==", "!=", "&&", "||", "**", "<", ">", "+",
                                      "-", "*", "/", "(", ")", ",", "=", "!", "^", "%"};

}  // namespace

Token ConstraintLexer::take(TokenKind kind, std::size_t length) {
  const Token token{.kind = kind, .text = text_.substr(at_, length), .offset = at_,
                    .length = length};
  at_ += length;
  return token;
}

Token ConstraintLexer::number() {
  double number = 0.0;
  const std::string_view rest = text_.substr(at_);
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  const bool is_read = read.ec == std::errc() && std::isfinite(number);
  auto length = static_cast<std::size_t>(read.ptr - rest.data());
  // 3x is no number and a name: one of the two is missing something.
  while (length < rest.size() && (is_in_name(rest[length]) && rest[length] != '-')) ++length;
  const bool is_whole = is_read && read.ptr == rest.data() + length;
  Token token = take(is_whole ? TokenKind::number : TokenKind::unknown,
                     std::max<std::size_t>(length, 1));
  token.number = number;
  return token;
}

Token ConstraintLexer::name() {
  const std::string_view rest = text_.substr(at_);
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_in_name);
  const auto longest = static_cast<std::size_t>(end - rest.begin());
  for (std::size_t length = longest; length > 0; --length) {
    const bool is_part = length < longest && rest[length] != '-' && rest[length] != '.';
    if (!is_part && names_.contains(rest.substr(0, length))) return take(TokenKind::name, length);
  }
  return take(TokenKind::name, std::min(rest.find('-'), longest));
}

Token ConstraintLexer::quoted_text() {
  const std::size_t end = text_.find(text_[at_], at_ + 1);
  if (end == std::string_view::npos) return take(TokenKind::unknown, text_.size() - at_);
  Token token = take(TokenKind::text, end + 1 - at_);
  token.text = token.text.substr(1, token.text.size() - 2);
  return token;
}

Token ConstraintLexer::next() {
  at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size());
  if (at_ == text_.size()) return take(TokenKind::end, 0);
  const std::string_view rest = text_.substr(at_);
  if (is_digit_byte(rest[0]) || rest[0] == '.') return number();
  if (begins_name(rest[0])) return name();
  if (rest[0] == '\'' || rest[0] == '"') return quoted_text();
  for (const std::string_view sign : signs) {
    if (rest.starts_with(sign)) return take(TokenKind::sign, sign.size());
  }
  return take(TokenKind::unknown, decode::glyph_at(text_, at_).bytes);
}

}  // namespace hpo
