// See support.hpp.
#include "tests/schema/decode/support.hpp"

namespace hpo::test {

std::string study(std::string_view extra) {
  const std::string_view ours[][2] = {
      {"\"name\"", "\"toy\""},
      {"\"space\"", R"({"lr": {"float": [0.001, 1.0]}, "layers": {"int": [1, 8]}})"},
      {"\"objective\"", R"({"minimize": "loss"})"},
      {"\"command\"", R"(["./train"])"}};
  std::string text = "{";
  for (const auto& [key, value] : ours) {
    const bool is_replaced = extra.starts_with(std::string(key) + ":");
    if (!is_replaced) text.append(key).append(": ").append(value).append(",\n ");
  }
  text.append(extra);
  if (extra.empty()) text.resize(text.size() - 3);
  return text + "}";
}

std::string space_of(std::string_view parameter) {
  return study(R"("space": {"p": {)" + std::string(parameter) + "}}");
}

std::vector<std::string> codes(const DecodedStudy& decoded) {
  std::vector<std::string> all;
  for (const Problem& problem : decoded.problems) all.push_back(problem.code.substr(4));
  return all;
}

std::vector<std::string> codes(std::string_view text) { return codes(decode_study(text)); }

}  // namespace hpo::test
