// How FromJson reads the plain types. One thread.
#include "schema/codec/from_json.hpp"

#include <charconv>
#include <limits>

namespace hpo::codec {

void FromJson::get(const json::Node& node, bool& it) {
  if (node.kind != json::Kind::boolean) return refuse("is neither true nor false");
  it = node.boolean;
}

void FromJson::get(const json::Node& node, std::int64_t& it) {
  if (node.kind != json::Kind::integer) return refuse("is no integer");
  it = node.integer;
}

void FromJson::get(const json::Node& node, int& it) {
  std::int64_t wide = 0;
  get(node, wide);
  if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
    return refuse("is beyond 32 bits");
  }
  it = static_cast<int>(wide);
}

void FromJson::get(const json::Node& node, std::uint64_t& it) {
  const char* end = node.string.data() + node.string.size();
  const auto [stop, fault] = std::from_chars(node.string.data(), end, it);
  if (node.string.empty() || fault != std::errc() || stop != end) {
    refuse("is no text of a 64-bit number");
  }
}

void FromJson::get(const json::Node& node, double& it) {
  if (!node.is_number()) return refuse("is no number");
  it = node.number;
}

void FromJson::get(const json::Node& node, std::string& it) {
  if (node.kind != json::Kind::string) return refuse("is no text");
  it = node.string;
}

void FromJson::get(const json::Node& node, std::chrono::seconds& it) {
  std::int64_t seconds = 0;
  get(node, seconds);
  it = std::chrono::seconds(seconds);
}

void FromJson::get(const json::Node& node, Values& it) {
  Result<Values> values = params_from_json(space_, text_.substr(node.at.offset, node.at.length));
  if (values) it = *std::move(values);
  else refuse("is not from this search space: " + values.error().what);
}

}  // namespace hpo::codec
