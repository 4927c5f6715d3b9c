// "space": the parameters, and what their names must not do to one another. See sections.hpp.
#include <algorithm>
#include <map>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/placeholders.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::string_view example =
    "write {\"lr\": {\"float\": [1e-5, 1e-1], \"log\": true}}";

// As the runner names it: HPO_P_ and the name in capitals, '.' and '-' as '_'.
std::string variable_of(std::string_view name) {
  std::string variable = "HPO_P_";
  for (const char c : name) {
    const bool is_lower = c >= 'a' && c <= 'z';
    variable += c == '.' || c == '-' ? '_' : is_lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return variable;
}

bool check_reserved(const Cursor& member) {
  const auto& names = builtin_placeholders;
  if (std::find(names.begin(), names.end(), member.key()) == names.end()) return true;
  member.add_to_key({.code = Code::reserved_name,
                     .message = "{" + std::string(member.key()) +
                                "} is a placeholder that is always there",
                     .suggestion = "rename the parameter, as in \"my_" +
                                   std::string(member.key()) + "\"",
                     .note = "placeholders: " + joined(builtin_placeholders)});
  return false;
}

using Variables = std::map<std::string, std::string_view>;

bool check_variable(const Cursor& member, Variables& variables) {
  const std::string variable = variable_of(member.key());
  const auto [other, is_new] = variables.emplace(variable, member.key());
  if (is_new) return true;
  member.add_to_key({.code = Code::same_variable,
                     .message = quoted(other->second) + " and " + quoted(member.key()) +
                                " would both be $" + variable,
                     .suggestion = "rename one of them"});
  return false;
}

bool check_name(const Cursor& member, Variables& variables) {
  return check_key_name(member, NameKind::parameter) && check_reserved(member) &&
         check_variable(member, variables);
}

bool check_count(const Cursor& at) {
  const std::size_t count = at.node().members.size();
  if (count >= 1 && count <= SearchSpace::parameters_max) return true;
  at.add({.code = Code::bad_length,
          .message = "the space has " + std::to_string(count) + " parameters, but takes 1 to " +
                     std::to_string(SearchSpace::parameters_max),
          .suggestion = count == 0 ? std::string(example) : "vary the important ones only"});
  return false;
}

}  // namespace

std::optional<SearchSpace> decode_space(const Cursor& at) {
  if (!expect_object(at, example) || !check_count(at)) return std::nullopt;
  std::vector<Parameter> parameters;
  Variables variables;
  bool is_fine = true;
  for (const Cursor& member : at.members()) {
    const bool is_name_fine = check_name(member, variables);
    auto parameter = decode_parameter(member);
    is_fine = is_fine && is_name_fine && parameter;
    if (parameter) parameters.push_back(*std::move(parameter));
  }
  const std::size_t errors = at.errors();
  decode_conditions(at, parameters);
  if (!is_fine || at.errors() > errors) return std::nullopt;
  Result<SearchSpace> space = SearchSpace::make(std::move(parameters));
  if (space) return *std::move(space);
  at.add({.code = Code::bad_step, .message = space.error().what,
          .suggestion = space.error().remedy});
  return std::nullopt;
}

}  // namespace hpo::decode
