// See random_values.hpp.
#include "tests/schema/codec/random_values.hpp"

#include "schema/json/writer.hpp"
#include "schema/space_probe.hpp"

#include <iterator>
#include <utility>
#include <variant>

namespace hpo::test {

std::string RandomValues::text() {
  static const std::string pieces[] = {"a", "Z", "0", " ", "\"", "\\", "\n", "\x01", "é", "😀",
                                       "{x}", "/", ",", "}", "null", "\x7F"};
  std::string text;
  for (std::size_t i = below(8); i > 0; --i) text += pieces[below(std::size(pieces))];
  return text;
}

ParamValue RandomValues::scalar() {
  switch (below(4)) {
    case 0: return coin();
    case 1: return std::int64_t{integer(-1000, 1000)};
    case 2: return number() * 100 - 50;
    default: return text();
  }
}

Domain RandomValues::domain() {
  switch (below(8)) {
    case 0: return FloatDomain{.low = number() - 2, .high = number()};
    case 1: return FloatDomain{.low = 1e-6 + number(), .high = 2 + number(), .scale = Scale::log};
    case 2: return FloatDomain{.low = 0.25, .high = 2.25, .step = 0.125};
    case 3: return IntDomain{.low = integer(1, 9), .high = integer(10, 99), .scale = Scale::log};
    case 4: return IntDomain{.low = -6, .high = 12, .step = 3};
    case 5: return ChoiceDomain{{text() + "1", std::int64_t{1}, 1.5, true, text() + "2"}};
    case 6: return OrdinalDomain{{std::int64_t{8}, 16.0, std::int64_t{32}}};
    default: return coin() ? Domain(BoolDomain{}) : Domain(FixedDomain{scalar()});
  }
}

Condition RandomValues::condition(const Parameter& parent) {
  Condition condition{.parent = parent.name};
  const bool is_float = std::holds_alternative<FloatDomain>(parent.domain);
  const bool is_int = std::holds_alternative<IntDomain>(parent.domain);
  if (!is_float && !(is_int && coin())) {
    condition.values.push_back(value(parent.domain));
    if (coin()) condition.values.push_back(value(parent.domain));
    return condition;
  }
  const double inside = *as_number(value(parent.domain));
  const bool has_min = coin();
  if (has_min) condition.min = inside;
  if (!has_min || coin()) condition.max = inside + 0.25;
  return condition;
}

SearchSpace RandomValues::space() {
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < 1 + below(8); ++i) {
    Parameter p{.name = "p" + std::to_string(i) + ".x-y_Z", .domain = domain()};
    const bool is_fixed = std::holds_alternative<FixedDomain>(p.domain);
    if (!is_fixed && coin()) p.default_value = value(p.domain);
    if (coin()) p.unit = "GeV";
    if (coin()) p.description = "what it means";
    for (const Parameter& earlier : parameters) {
      if (below(4) == 0) p.when.push_back(condition(earlier));
    }
    parameters.push_back(std::move(p));
  }
  return *SearchSpace::make(std::move(parameters));
}

SearchSpace RandomValues::constrained_space() {
  const SearchSpace all = space();
  std::vector<Constraint> constraints;
  for (const Parameter& p : all.parameters()) {
    const auto bound = as_number(value(p.domain));
    const bool is_ranged = p.domain.index() <= 1;
    if (!is_ranged || !bound || below(3) != 0) continue;
    const std::string text = json::number_text(*bound);
    const std::string shape[] = {p.name + " <= " + text, "not (" + p.name + " < " + text + ")",
                                 "abs(" + p.name + " - " + text + ") <= 1 or " + p.name + " > 9"};
    auto parsed = Constraint::parse(shape[below(3)], all.parameters());
    constraints.push_back(std::get<Constraint>(std::move(parsed)));
  }
  const SearchSpace some = all.constrained(std::move(constraints));
  const auto defaults = some.defaults();
  const bool is_fine = probe_space(some).values && !(defaults && some.violated(*defaults));
  return is_fine ? some : all;
}

ParamValue RandomValues::value(const Domain& domain) {
  if (const auto* d = std::get_if<FloatDomain>(&domain)) {
    if (d->step) return d->low + integer(0, 16) * *d->step;
    return d->low + number() * (d->high - d->low);
  }
  if (const auto* d = std::get_if<IntDomain>(&domain)) {
    return d->low + d->step * integer(0, static_cast<int>((d->high - d->low) / d->step));
  }
  if (const auto* d = std::get_if<ChoiceDomain>(&domain)) return any_of(d->choices);
  if (const auto* d = std::get_if<OrdinalDomain>(&domain)) return any_of(d->levels);
  if (const auto* d = std::get_if<FixedDomain>(&domain)) return d->value;
  return coin();
}

Values RandomValues::values(const SearchSpace& space) {
  Values values;
  for (int tries = 0; tries < 1000; ++tries) {
    values.clear();
    for (const Parameter& p : space.parameters()) values.push_back(value(p.domain));
    space.settle(values);
    if (!space.violated(values)) return values;
  }
  return *probe_space(space).values;
}

}  // namespace hpo::test
