// Constraint::parse: recursive descent, one function for each level of binding, with types: a
// number is no truth, and a text can only be compared.
#include <algorithm>
#include <iterator>
#include <span>

#include "schema/constraint.hpp"
#include "schema/constraint_reader.hpp"
#include "schema/decode/decode.hpp"
#include "schema/decode/display.hpp"

namespace hpo {
namespace {

using Op = Constraint::Op;
using decode::quoted;

struct Sign {
  std::string_view text{};
  Op op{};
};
constexpr Sign comparisons[] = {{"<=", Op::less_equal}, {">=", Op::greater_equal},
                                {"==", Op::equal},      {"!=", Op::not_equal},
                                {"<", Op::less},        {">", Op::greater}};
constexpr Sign sums[] = {{"+", Op::add}, {"-", Op::subtract}};
constexpr Sign products[] = {{"*", Op::multiply}, {"/", Op::divide}};

template <class List>
const Sign* find_sign(const List& list, const Token& token) {
  if (token.kind != TokenKind::sign) return nullptr;
  const auto found = std::find_if(std::begin(list), std::end(list),
                                  [&](const Sign& s) { return s.text == token.text; });
  return found == std::end(list) ? nullptr : &*found;
}

class Parser {
 public:
  Parser(std::string_view text, const std::vector<Parameter>& parameters,
         const std::set<std::string_view>& names)
      : parameters_(parameters), reader_(text, names) {
    const Part whole = any_of();
    if (reader_.token().kind != TokenKind::end) reader_.fail_at_token("an operator");
    reader_.expect(whole, PartType::truth);
    if (is_constant(steps_)) {
      reader_.fail(0, text.size(), "it names no parameter", "name one, or remove the constraint");
    }
  }

  const std::optional<ConstraintFault>& fault() const { return reader_.fault(); }
  std::vector<Constraint::Step> steps() && { return std::move(steps_); }

 private:
  static bool is_constant(std::span<const Constraint::Step> steps) {
    return std::none_of(steps.begin(), steps.end(), [](const Constraint::Step& step) {
      return step.op == Op::parameter || step.op == Op::text_is;
    });
  }

  // A divisor, and the steps that compute it.
  void refuse_zero(const Part& divisor, std::span<const Constraint::Step> steps) {
    if (reader_.fault() || !is_constant(steps) || Constraint::value_of(steps) != 0.0) return;
    reader_.fail(divisor, "this is a division by 0", "divide by something else");
  }

  Part any_of() {
    Part left = all_of();
    while (reader_.is_word("or")) left = join(left, Op::logical_or, [this] { return all_of(); });
    return left;
  }

  Part all_of() {
    Part left = negation();
    while (reader_.is_word("and")) {
      left = join(left, Op::logical_and, [this] { return negation(); });
    }
    return left;
  }

  template <class Next>
  Part join(const Part& left, Op op, Next next) {
    reader_.take();
    reader_.expect(left, PartType::truth);
    const Part right = next();
    reader_.expect(right, PartType::truth);
    steps_.push_back({.op = op});
    return reader_.part_from(left.offset, PartType::truth);
  }

  Part negation() {
    if (!reader_.is_word("not") || reader_.is_too_deep(depth_)) return comparison();
    const Token sign = reader_.take();
    ++depth_;
    const Part inside = negation();
    --depth_;
    reader_.expect(inside, PartType::truth);
    steps_.push_back({.op = Op::logical_not});
    return reader_.part_from(sign.offset, PartType::truth);
  }

  Part comparison() {
    const Part left = chain(sums, [this] { return product(); });
    const Sign* sign = find_sign(comparisons, reader_.token());
    if (sign == nullptr) return left;
    reader_.take();
    const Part right = chain(sums, [this] { return product(); });
    compare(left, sign->op, right);
    if (find_sign(comparisons, reader_.token()) != nullptr) {
      const std::size_t end = reader_.token().offset + reader_.token().length;
      reader_.fail(left.offset, end - left.offset, "two comparisons in a row",
                   "join them by and, as in \"1 <= x and x <= 3\"");
    }
    return reader_.part_from(left.offset, PartType::truth);
  }

  void compare(const Part& left, Op op, const Part& right) {
    const bool is_of_texts = left.type == PartType::text || right.type == PartType::text;
    const bool is_of_truths = left.type == PartType::truth && right.type == PartType::truth;
    const bool is_equation = op == Op::equal || op == Op::not_equal;
    if (is_of_texts && is_equation) return compare_texts(left, op, right);
    if (!(is_of_truths && is_equation)) {
      reader_.expect(left, PartType::number);
      reader_.expect(right, PartType::number);
    }
    steps_.push_back({.op = op});
  }

  // One side is a parameter, the other a text in quotes.
  void compare_texts(const Part& left, Op op, const Part& right) {
    const Part& named = left.parameter ? left : right;
    const Part& literal = left.parameter ? right : left;
    if (!named.parameter || literal.parameter || literal.type != PartType::text) {
      return reader_.fail(left.offset, right.end - left.offset,
                          "a text is compared with a parameter of texts, and with nothing else",
                          "write it as in \"optimizer == 'adam'\"");
    }
    const auto known = texts_of(parameters_[*named.parameter].domain);
    if (std::find(known.begin(), known.end(), literal.text) == known.end()) {
      const std::string_view near = nearest(literal.text, known);
      const std::string& name = parameters_[*named.parameter].name;
      return reader_.fail(literal, quoted(literal.text) + " is no value of " + quoted(name),
                          near.empty() ? "name one of its values" : std::string(near));
    }
    steps_.push_back({.op = Op::text_is, .number = 0.0, .parameter = *named.parameter,
                      .text = std::string(literal.text)});
    if (op == Op::not_equal) steps_.push_back({.op = Op::logical_not});
  }

  template <class List, class Next>
  Part chain(const List& list, Next next) {
    Part left = next();
    while (const Sign* sign = find_sign(list, reader_.token())) {
      reader_.take();
      reader_.expect(left, PartType::number);
      const std::size_t first = steps_.size();
      const Part right = next();
      reader_.expect(right, PartType::number);
      if (sign->op == Op::divide) refuse_zero(right, std::span(steps_).subspan(first));
      steps_.push_back({.op = sign->op});
      left = reader_.part_from(left.offset, PartType::number);
    }
    return left;
  }

  Part product() { return chain(products, [this] { return factor(); }); }

  Part factor() {
    if (!reader_.is_sign("-") || reader_.is_too_deep(depth_)) return atom();
    const Token sign = reader_.take();
    ++depth_;
    const Part inside = factor();
    --depth_;
    reader_.expect(inside, PartType::number);
    steps_.push_back({.op = Op::negate});
    return reader_.part_from(sign.offset, PartType::number);
  }

  Part atom() {
    const Token at = reader_.token();
    if (at.kind == TokenKind::number) {
      reader_.take();
      steps_.push_back({.op = Op::number, .number = at.number});
      return reader_.part_from(at.offset, PartType::number);
    }
    if (at.kind == TokenKind::text) {
      reader_.take();
      Part part = reader_.part_from(at.offset, PartType::text);
      part.text = at.text;
      return part;
    }
    const bool is_joint = at.text == "and" || at.text == "or" || at.text == "not";
    if (at.kind == TokenKind::name && !is_joint) return name();
    if (reader_.is_sign("(") && !reader_.is_too_deep(depth_)) return bracket();
    reader_.fail_at_token("a value");
    return {};
  }

  Part bracket() {
    const Token open = reader_.take();
    ++depth_;
    Part inside = any_of();
    --depth_;
    if (!reader_.is_sign(")")) reader_.fail_at_token("\")\"");
    else reader_.take();
    const Part whole = reader_.part_from(open.offset, inside.type);
    inside.offset = whole.offset;
    inside.end = whole.end;
    return inside;
  }

  Part name() {
    const Token at = reader_.take();
    const ConstraintFunction* function = find_function(at.text);
    if (function != nullptr && reader_.is_sign("(")) return call(*function, at);
    if (at.text == "true" || at.text == "false") {
      steps_.push_back({.op = Op::number, .number = at.text == "true" ? 1.0 : 0.0});
      return reader_.part_from(at.offset, PartType::truth);
    }
    const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                    [&](const Parameter& p) { return p.name == at.text; });
    if (found == parameters_.end()) {
      reader_.fail_at_name(at);
      return {};
    }
    Part part = reader_.part_from(at.offset, part_type(found->domain));
    const auto index = static_cast<std::size_t>(found - parameters_.begin());
    if (part.type == PartType::text) part.parameter = index;
    else steps_.push_back({.op = Op::parameter, .number = 0.0, .parameter = index});
    if (part.type == PartType::mixed) {
      reader_.fail(part, quoted(at.text) + " has values of several types",
                   "give it numbers only, or texts only");
    }
    return part;
  }

  Part call(const ConstraintFunction& function, const Token& at) {
    if (reader_.is_too_deep(depth_)) return {};
    reader_.take();
    ++depth_;
    int count = 0;
    do {
      if (count > 0) reader_.take();
      reader_.expect(any_of(), PartType::number);
      if (++count > 1 && !function.takes_one) steps_.push_back({.op = function.op});
    } while (reader_.is_sign(","));
    --depth_;
    if (!reader_.is_sign(")")) reader_.fail_at_token("\")\"");
    else reader_.take();
    const Part whole = reader_.part_from(at.offset, PartType::number);
    if (function.takes_one != (count == 1)) {
      const std::string_view wanted = function.takes_one ? "one value" : "two values or more";
      reader_.fail(whole, std::string(function.name) + " takes " + std::string(wanted),
                   "mend the values in its brackets");
    }
    if (function.takes_one) steps_.push_back({.op = function.op});
    return whole;
  }

  const std::vector<Parameter>& parameters_;
  ConstraintReader reader_;
  int depth_ = 0;
  std::vector<Constraint::Step> steps_{};
};

}  // namespace

std::variant<Constraint, ConstraintFault> Constraint::parse(
    std::string_view text, const std::vector<Parameter>& parameters) {
  if (text.size() > bytes_max) {
    return ConstraintFault{"the constraint has " + std::to_string(text.size()) + " bytes",
                           "write it in several constraints", 0, text.size()};
  }
  const std::set<std::string_view> names = constraint_names(parameters);
  Parser parser(text, parameters, names);
  if (parser.fault()) return *parser.fault();
  return Constraint(std::string(text), std::move(parser).steps());
}

}  // namespace hpo
