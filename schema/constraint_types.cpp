// One question per kind of domain.
#include "schema/constraint_types.hpp"

#include <algorithm>
#include <string>

namespace hpo {
namespace {

// What all values of a list are.
PartType type_of_all(const std::vector<ParamValue>& values) {
  const auto are_all = [&](auto is) { return std::all_of(values.begin(), values.end(), is); };
  if (are_all([](const ParamValue& v) { return as_number(v).has_value(); })) {
    return PartType::number;
  }
  if (are_all([](const ParamValue& v) { return std::holds_alternative<bool>(v); })) {
    return PartType::truth;
  }
  const bool is_text =
      are_all([](const ParamValue& v) { return std::holds_alternative<std::string>(v); });
  return is_text ? PartType::text : PartType::mixed;
}

struct TypeOf {
  PartType operator()(const FloatDomain&) const { return PartType::number; }
  PartType operator()(const IntDomain&) const { return PartType::number; }
  PartType operator()(const BoolDomain&) const { return PartType::truth; }
  PartType operator()(const ChoiceDomain& d) const { return type_of_all(d.choices); }
  PartType operator()(const OrdinalDomain& d) const { return type_of_all(d.levels); }
  PartType operator()(const FixedDomain& d) const { return type_of_all({d.value}); }
};

struct TextsOf {
  std::vector<std::string_view> operator()(const ChoiceDomain& d) const { return all(d.choices); }
  std::vector<std::string_view> operator()(const OrdinalDomain& d) const { return all(d.levels); }
  std::vector<std::string_view> operator()(const auto&) const { return {}; }

  static std::vector<std::string_view> all(const std::vector<ParamValue>& values) {
    std::vector<std::string_view> texts;
    for (const ParamValue& value : values) texts.push_back(std::get<std::string>(value));
    return texts;
  }
};

}  // namespace

PartType part_type(const Domain& domain) { return std::visit(TypeOf{}, domain); }

std::vector<std::string_view> texts_of(const Domain& domain) {
  return std::visit(TextsOf{}, domain);
}

}  // namespace hpo
