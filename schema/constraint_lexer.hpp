// The words of a constraint: numbers, names, texts in quotes, signs. For constraint_parser.cpp.
#pragma once

#include <set>
#include <string_view>

namespace hpo {

enum class TokenKind { number, name, text, sign, unknown, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text{};  // of a text without its quotes
  double number = 0.0;
  std::size_t offset = 0;
  std::size_t length = 0;
};

class ConstraintLexer {
 public:
  // A '-' or '.' belongs to a name where one of `names` has it, and parts names where none has.
  ConstraintLexer(std::string_view text, const std::set<std::string_view>& names)
      : text_(text), names_(names) {}

  Token next();

 private:
  Token number();
  Token name();
  Token quoted_text();
  Token take(TokenKind kind, std::size_t length);

  std::string_view text_;
  const std::set<std::string_view>& names_;
  std::size_t at_ = 0;
};

}  // namespace hpo
