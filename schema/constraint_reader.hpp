// Reads a constraint token by token and keeps its first fault. For constraint_parser.cpp.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "schema/constraint.hpp"
#include "schema/constraint_lexer.hpp"
#include "schema/constraint_types.hpp"

namespace hpo {

struct ConstraintFunction {
  std::string_view name{};
  Constraint::Op op{};
  bool takes_one = true;  // else two or more
};

const ConstraintFunction* find_function(std::string_view name);

// All words that are names in a constraint over these parameters.
std::set<std::string_view> constraint_names(const std::vector<Parameter>& parameters);

// The first fault ends it: the token becomes the end, so that every loop of the parser stops.
class ConstraintReader {
 public:
  ConstraintReader(std::string_view text, const std::set<std::string_view>& names)
      : text_(text), names_(names), lexer_(text, names), token_(lexer_.next()) {}

  const Token& token() const { return token_; }
  bool is_word(std::string_view word) const;
  bool is_sign(std::string_view sign) const;
  Token take();
  // What has been taken from this offset on.
  Part part_from(std::size_t offset, PartType type) const;

  const std::optional<ConstraintFault>& fault() const { return fault_; }
  void fail(std::size_t offset, std::size_t length, std::string what, std::string remedy);
  void fail(const Part& at, std::string what, std::string remedy);
  void fail_at_token(const std::string& wanted);
  void fail_at_name(const Token& at);
  void expect(const Part& part, PartType type);
  bool is_too_deep(int depth);

 private:
  std::string_view text_;
  const std::set<std::string_view>& names_;
  ConstraintLexer lexer_;
  Token token_;
  std::size_t last_end_ = 0;
  std::optional<ConstraintFault> fault_{};
};

}  // namespace hpo
