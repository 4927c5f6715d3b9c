// See spaces.hpp. Spaces are written as in study.json, and read as such.
#include "daemon/conformance/spaces.hpp"

#include "schema/assert.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::conformance {
namespace {

struct Text {
  const char* name = "";
  const char* space = "";
  const char* constraints = "[]";
  Direction direction = Direction::minimize;
};

constexpr Text texts[] = {
    {"one float", R"({"x": {"float": [0, 1]}})"},
    {"two floats, maximised", R"({"x": {"float": [-5, 5]}, "y": {"float": [0, 1e6]}})", "[]",
     Direction::maximize},
    {"a log scale over ten decades", R"({"lr": {"float": [1e-9, 10], "log": true}})"},
    {"integers with steps and on a log scale",
     R"({"a": {"int": [-5, 5]}, "b": {"int": [0, 98], "step": 7},
         "c": {"int": [1, 4096], "log": true}, "d": {"float": [0, 0.9], "step": 0.3}})"},
    {"choices, maximised",
     R"({"a": {"choice": ["adam", "sgd", 3, 0.5]}, "b": {"bool": true},
         "c": {"ordinal": [16, 32, 64]}, "d": {"fixed": "as it is"}})", "[]", Direction::maximize},
    {"mixed", R"({"x": {"float": [0, 1]}, "n": {"int": [1, 8]}, "k": {"choice": ["a", "b"]},
                  "on": {"bool": true}})"},
    {"conditions",
     R"({"kind": {"choice": ["sgd", "adam"]}, "lr": {"float": [1e-5, 1], "log": true},
         "momentum": {"float": [0, 1], "when": {"kind": ["sgd"]}},
         "nesterov": {"bool": true, "when": {"momentum": {"min": 0.5}}}})"},
    {"a constraint", R"({"x": {"float": [0, 1]}, "y": {"float": [0, 1]}})", R"(["x + y <= 1"])"},
    {"a fixed value", R"({"a": {"fixed": 2}, "x": {"float": [0, 1]}})"},
    {"twenty floats, maximised", nullptr, "[]", Direction::maximize}};

std::string twenty_floats() {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += (i == 0 ? "{\"x" : ", \"x") + std::to_string(i) + "\": {\"float\": [-1, 1]}";
  }
  return text + "}";
}

SearchSpace space_of(const std::string& space, const std::string& constraints) {
  const DecodedStudy decoded = decode_study(
      R"({"name": "a", "objective": {"minimize": "l"}, "command": ["true"], "space": )" + space +
      ", \"space_constraints\": " + constraints + "}");
  HPO_ASSERT(decoded.spec.has_value(), "the spaces of the suite are legal ones");
  return decoded.spec->space;
}

}  // namespace

std::vector<Case> cases_for(const StudySpec& base) {
  std::vector<Case> all;
  for (const Text& text : texts) {
    Case next{.name = text.name, .spec = base};
    next.spec.space = space_of(text.space == nullptr ? twenty_floats() : text.space,
                               text.constraints);
    next.spec.objective.direction = text.direction;
    next.spec.seed = all.size() + 1;
    all.push_back(std::move(next));
  }
  return all;
}

Case finite_case(const StudySpec& base) {
  Case next{.name = "four sets of values", .spec = base};
  next.spec.space = space_of(R"({"a": {"int": [1, 2]}, "b": {"bool": true}})", "[]");
  next.spec.objective.noise = Noise::none;
  return next;
}

}  // namespace hpo::conformance
