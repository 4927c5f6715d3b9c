// Where a constraint goes wrong, and what to write instead.
#include "schema/constraint_reader.hpp"

#include <algorithm>
#include <iterator>

#include "schema/decode/decode.hpp"
#include "schema/decode/display.hpp"

namespace hpo {
namespace {

using Op = Constraint::Op;
using decode::quoted;

constexpr ConstraintFunction functions[] = {
    {"min", Op::minimum, false},     {"max", Op::maximum, false}, {"abs", Op::absolute},
    {"log", Op::logarithm},          {"exp", Op::exponential},    {"sqrt", Op::square_root}};

struct Foreign { std::string_view sign{}; std::string_view remedy{}; };
constexpr Foreign foreign_signs[] = {
    {"&&", "and"}, {"||", "or"}, {"!", "not"}, {"=", "=="}, {"^", "write x * x"},
    {"**", "write x * x"}, {"%", "there is no remainder"}};

}  // namespace

const ConstraintFunction* find_function(std::string_view name) {
  const auto found = std::find_if(std::begin(functions), std::end(functions),
                                  [&](const ConstraintFunction& f) { return f.name == name; });
  return found == std::end(functions) ? nullptr : &*found;
}

std::set<std::string_view> constraint_names(const std::vector<Parameter>& parameters) {
  std::set<std::string_view> names{"and", "or", "not", "true", "false"};
  for (const Parameter& parameter : parameters) names.insert(parameter.name);
  for (const ConstraintFunction& function : functions) names.insert(function.name);
  return names;
}

bool ConstraintReader::is_word(std::string_view word) const {
  return token_.kind == TokenKind::name && token_.text == word;
}

bool ConstraintReader::is_sign(std::string_view sign) const {
  return token_.kind == TokenKind::sign && token_.text == sign;
}

Token ConstraintReader::take() {
  last_end_ = token_.offset + token_.length;
  return std::exchange(token_, fault_ ? token_ : lexer_.next());
}

Part ConstraintReader::part_from(std::size_t offset, PartType type) const {
  return {.type = type, .offset = offset, .end = std::max(offset, last_end_)};
}

void ConstraintReader::fail(std::size_t offset, std::size_t length, std::string what,
                            std::string remedy) {
  if (!fault_) fault_ = {std::move(what), std::move(remedy), offset, length};
  token_ = {.offset = text_.size()};
}

void ConstraintReader::fail(const Part& at, std::string what, std::string remedy) {
  fail(at.offset, at.end - at.offset, std::move(what), std::move(remedy));
}

void ConstraintReader::fail_at_token(const std::string& wanted) {
  const Token at = token_;
  const std::string_view found = text_.substr(at.offset, at.length);
  for (const Foreign& foreign : foreign_signs) {
    if (foreign.sign != found) continue;
    return fail(at.offset, at.length, quoted(found) + " is not known here",
                std::string(foreign.remedy));
  }
  if (at.kind == TokenKind::end) {
    return fail(at.offset, 0, "it ends where " + wanted + " should follow", "complete it");
  }
  fail(at.offset, at.length, quoted(found) + " stands where " + wanted + " should",
       at.kind == TokenKind::unknown ? "write numbers like 0.5, texts like 'adam'"
                                     : "mend it; an example is \"width * depth <= 384\"");
}

void ConstraintReader::fail_at_name(const Token& at) {
  const std::string_view near = nearest(at.text, {names_.begin(), names_.end()});
  fail(at.offset, at.length, quoted(at.text) + " is neither a parameter nor a function",
       near.empty() ? "functions: min max abs log exp sqrt; texts stand in quotes: 'adam'"
                    : std::string(near));
}

void ConstraintReader::expect(const Part& part, PartType type) {
  if (part.type == type || fault_) return;
  if (type == PartType::truth) {
    return fail(part, "this is a value, neither true nor false",
                "compare it, as in \"width * depth <= 384\"");
  }
  if (part.type == PartType::truth) {
    return fail(part, "this is true or false, and no number", "compute with numbers");
  }
  fail(part, "this is a text, and no number", "texts can be compared by == and != only");
}

bool ConstraintReader::is_too_deep(int depth) {
  if (depth < Constraint::depth_max) return false;
  fail(token_.offset, token_.length, "more than " + std::to_string(Constraint::depth_max) +
       " brackets and signs within each other", "write it in several constraints");
  return true;
}

}  // namespace hpo
