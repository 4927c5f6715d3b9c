// Params <-> JSON: one object per trial, in the space's order.
//
// A restart reads a million of them, so text that looks as we write it is scanned in place;
// anything else goes through the tree, which also says what is wrong with it. Any thread.
#include "schema/codec/codec.hpp"
#include "schema/codec/params_scan.hpp"
#include "schema/json/writer.hpp"

namespace hpo {
namespace {

Error corrupt(std::string what, std::string_view name) {
  return {ErrorCode::corrupt, std::move(what), "params /" + std::string(name),
          "the stored trial and its study do not belong together; restore a backup"};
}

std::optional<ParamValue> plain_value(const json::Node& node) {
  switch (node.kind) {
    case json::Kind::boolean: return ParamValue(node.boolean);
    case json::Kind::integer: return ParamValue(node.integer);
    case json::Kind::number: return ParamValue(node.number);
    case json::Kind::string: return ParamValue(node.string);
    default: return std::nullopt;
  }
}

// The rest was checked: a value is there if and only if the conditions hold.
Result<void> check_presence(const SearchSpace& space, std::span<const ParamValue> values) {
  for (std::size_t i = 0; i < space.size(); ++i) {
    const std::string& name = space.parameters()[i].name;
    const bool is_there = is_active(values[i]);
    if (is_there == space.is_active(i, values)) continue;
    return is_there ? corrupt("'" + name + "' has a value against its conditions", name)
                    : corrupt("'" + name + "' is missing", name);
  }
  return {};
}

Result<void> append_from_tree(const SearchSpace& space, const json::Node& object,
                              std::vector<ParamValue>& out) {
  const std::size_t begin = out.size();
  std::size_t found = 0;
  for (const Parameter& parameter : space.parameters()) {
    const json::Node* node = object.find(parameter.name);
    std::optional<ParamValue> value = node != nullptr ? plain_value(*node) : Inactive{};
    if (node != nullptr && !(value && contains(parameter.domain, *value))) {
      return corrupt("'" + parameter.name + "' is not in its domain", parameter.name);
    }
    found += node != nullptr ? 1 : 0;
    out.push_back(*std::move(value));
  }
  if (object.members.size() != found) return corrupt("a value of no parameter", "");
  return check_presence(space, std::span(out).subspan(begin));
}

}  // namespace

std::string params_to_json(const SearchSpace& space, const Values& values) {
  json::Writer writer;
  writer.object();
  for (std::size_t i = 0; i < space.size() && i < values.size(); ++i) {
    if (is_active(values[i])) writer.member(space.parameters()[i].name, values[i]);
  }
  return std::move(writer.end()).text();
}

Result<Values> params_from_json(const SearchSpace& space, std::string_view text) {
  Values values;
  values.reserve(space.size());
  const Result<void> appended = append_params(space, text, values);
  if (!appended) return appended.error();
  return values;
}

Result<void> append_params(const SearchSpace& space, std::string_view text,
                           std::vector<ParamValue>& out) {
  const std::size_t begin = out.size();
  if (codec::scan_params(space, text, out)) return {};
  out.resize(begin);
  const Result<json::Node> object = json::parse_own(text, "params");
  if (!object) return object.error();
  const Result<void> appended = append_from_tree(space, *object, out);
  if (!appended) out.resize(begin);
  return appended;
}

}  // namespace hpo
