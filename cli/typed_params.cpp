// name=value words as params.
#include "cli/typed_params.hpp"

#include <charconv>
#include <set>

#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

Error wrong(const std::string& what, const std::string& word, const std::string& remedy) {
  return Error{ErrorCode::invalid_argument, what, "\"" + word + "\"", remedy};
}

template <class Number>
std::optional<ParamValue> number_from(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return ParamValue(number);
}

std::optional<ParamValue> bool_from(std::string_view text) {
  if (text == "true") return ParamValue(true);
  if (text == "false") return ParamValue(false);
  return std::nullopt;
}

std::string text_of_value(const ParamValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  json::Writer writer;
  writer.value(value);
  return std::move(writer).text();
}

// The listed value whose text this is: 1 is the number before it is the text, which is "1" in
// quotes. The text itself if none is, for the daemon to refuse.
std::optional<ParamValue> listed(const std::vector<ParamValue>& values, std::string_view text) {
  for (const ParamValue& value : values) {
    const auto* number = std::get_if<double>(&value);
    if (!std::holds_alternative<std::string>(value) && text_of_value(value) == text) return value;
    if (number != nullptr && number_from<double>(text) == ParamValue(*number)) return value;
  }
  for (const ParamValue& value : values) {
    if (std::holds_alternative<std::string>(value) && text_of_value(value) == text) return value;
  }
  for (const ParamValue& value : values) {
    json::Writer quoted;
    quoted.value(value);
    if (std::move(quoted).text() == text) return value;
  }
  return ParamValue(std::string(text));
}

struct ReadValue {
  std::string_view text{};

  std::optional<ParamValue> operator()(const FloatDomain&) const {
    return number_from<double>(text);
  }
  std::optional<ParamValue> operator()(const IntDomain&) const {
    return number_from<std::int64_t>(text);
  }
  std::optional<ParamValue> operator()(const ChoiceDomain& domain) const {
    return listed(domain.choices, text);
  }
  std::optional<ParamValue> operator()(const OrdinalDomain& domain) const {
    return listed(domain.levels, text);
  }
  std::optional<ParamValue> operator()(const BoolDomain&) const { return bool_from(text); }
  std::optional<ParamValue> operator()(const FixedDomain& domain) const {
    return listed({domain.value}, text);
  }
};

struct WordOfType {
  std::string operator()(const FloatDomain&) const { return "a number"; }
  std::string operator()(const IntDomain&) const { return "a whole number"; }
  std::string operator()(const BoolDomain&) const { return "true or false"; }
  template <class Listed>
  std::string operator()(const Listed&) const { return "one of its values"; }
};

Error unknown_name(const SearchSpace& space, std::string_view name, const std::string& word) {
  std::vector<std::string_view> known;
  std::string list;
  for (const Parameter& parameter : space.parameters()) {
    known.push_back(parameter.name);
    list += (list.empty() ? "" : ", ") + parameter.name;
  }
  const std::string_view near = nearest(name, known);
  return wrong("there is no parameter \"" + std::string(name) + "\"", word,
               near.empty() ? "one of: " + list : did_you_mean(near));
}

}  // namespace

Result<std::string> params_body(const SearchSpace& space, const std::vector<std::string>& words) {
  json::Writer writer;
  std::set<std::size_t> seen;
  writer.object().key("params").object();
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (equals == std::string::npos) return wrong("no value is given", word, name + "=VALUE");
    const auto index = space.index_of(name);
    if (!index) return unknown_name(space, name, word);
    if (!seen.insert(*index).second) return wrong("a name is given twice", word, "leave one out");
    const std::string_view text = std::string_view(word).substr(equals + 1);
    const auto value = std::visit(ReadValue{text}, space.parameters()[*index].domain);
    if (!value) {
      return wrong(name + " takes " +
                       std::visit(WordOfType{}, space.parameters()[*index].domain) + ", no \"" +
                       std::string(text) + "\"", word, "give it such a value");
    }
    writer.member(name, *value);
  }
  writer.end().end();
  return std::move(writer).text();
}

}  // namespace hpo::cli
