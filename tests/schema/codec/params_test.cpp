// Params as text: exact there and back, by the scanner and by the tree alike.
#include <catch2/catch.hpp>

#include "schema/codec/codec.hpp"
#include "schema/codec/params_scan.hpp"
#include "tests/cpu_time.hpp"
#include "tests/schema/codec/random_values.hpp"

using namespace hpo;

namespace {

SearchSpace small_space() {
  return *SearchSpace::make(
      {{.name = "width", .domain = IntDomain{.low = 16, .high = 128}},
       {.name = "align", .domain = ChoiceDomain{{std::string("none"), std::string("ro\"t")}}},
       {.name = "lr", .domain = FloatDomain{.low = 0, .high = 1}}});
}

void refuses(std::string_view text) {
  INFO(text);
  std::vector<ParamValue> out{true};
  const auto appended = append_params(small_space(), text, out);
  REQUIRE_FALSE(appended);
  CHECK(appended.error().code == ErrorCode::corrupt);
  CHECK(out == std::vector<ParamValue>{true});  // as it was
}

}  // namespace

TEST_CASE("params are one object in the space's order, without blanks", "[codec]") {
  CHECK(params_to_json(small_space(), {std::int64_t{64}, std::string("none"), 1.0}) ==
        R"({"width":64,"align":"none","lr":1.0})");
}

TEST_CASE("params in another order, with blanks or escapes, are read too", "[codec]") {
  const Values expected{std::int64_t{64}, std::string("ro\"t"), 0.5};
  for (const std::string_view text :
       {R"({"width":64,"align":"ro\"t","lr":0.5})", R"({"lr":0.5,"align":"ro\"t","width":64})",
        R"({ "width" : 64, "align":"ro\u0022t", "lr":5e-1 })"}) {
    const auto values = params_from_json(small_space(), text);
    REQUIRE(values);
    CHECK(*values == expected);
  }
}

TEST_CASE("params that are not of the space are corrupt and append nothing", "[codec]") {
  refuses(R"({"width":64,"align":"none"})");
  refuses(R"({"width":64,"align":"none","lr":0.5,"more":1})");
  refuses(R"({"width":64,"align":"none","rl":0.5})");
  refuses(R"({"width":64.0,"align":"none","lr":0.5})");
  refuses(R"({"width":64,"align":"none","lr":1})");
  refuses(R"({"width":64,"align":"none","lr":1.5})");
  refuses(R"({"width":8,"align":"none","lr":0.5})");
  refuses(R"({"width":64,"align":"other","lr":0.5})");
  refuses(R"({"width":64,"align":"none","lr":null})");
  refuses(R"({"width":64,"align":"none","lr":0.5)");
  refuses(R"({"width":64,"align":"none","lr":0.5}x)");
  refuses(R"({"width":064,"align":"none","lr":0.5})");
  refuses(R"({"width":64,"align":"none","lr":.5})");
  refuses(R"({"width":64,"align":"none","lr":0.})");
  refuses(R"({"width":64,"align":"none","lr":inf})");
  refuses("[]");
  refuses("");
}

TEST_CASE("random params read back equal, and mostly by the scanner", "[codec]") {
  constexpr std::uint64_t seed = 11;
  INFO("seed " << seed);
  test::RandomValues random(seed);
  for (int i = 0; i < 3000; ++i) {
    const SearchSpace space = random.space();
    const Values values = random.values(space);
    const std::string text = params_to_json(space, values);
    INFO(text);
    const auto back = params_from_json(space, text);
    REQUIRE(back);
    REQUIRE(*back == values);
    std::vector<ParamValue> scanned;
    const bool has_escape = text.find('\\') != std::string::npos;
    REQUIRE(codec::scan_params(space, text, scanned) == !has_escape);
  }
}

TEST_CASE("whatever the scanner takes of damaged text, the tree reads the same", "[codec]") {
  constexpr std::uint64_t seed = 12;
  INFO("seed " << seed);
  test::RandomValues random(seed);
  const std::string_view bytes = "{}\",:0123456789eE+-. tfn\\\x80\x01";
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    const SearchSpace space = small_space();
    std::string text = params_to_json(space, random.values(space));
    for (int edit = random.integer(1, 2); edit > 0; --edit) {
      text[random.below(text.size())] = bytes[random.below(bytes.size())];
    }
    std::vector<ParamValue> scanned;
    if (!codec::scan_params(space, text, scanned)) continue;
    ++taken;
    INFO(text);
    const json::Parsed parsed = json::parse(text);
    REQUIRE(parsed.problems.empty());
    const auto given = params_from_node(space, parsed.root);
    REQUIRE(given);
    REQUIRE(*given == scanned);
  }
  CHECK(taken > 100);
}

TEST_CASE("a hundred thousand trials of 8 parameters are read within a second", "[codec]") {
  constexpr int trials = 100'000;
  std::vector<Parameter> parameters;
  for (int i = 0; i < 8; ++i) {
    parameters.push_back({.name = "parameter_" + std::to_string(i),
                          .domain = i % 2 == 0 ? Domain(FloatDomain{}) : Domain(IntDomain{})});
  }
  const SearchSpace space = *SearchSpace::make(parameters);
  test::RandomValues random(13);
  const std::string text = params_to_json(space, random.values(space));
  std::vector<ParamValue> out;
  const test::CpuTime taken;
  for (int i = 0; i < trials; ++i) REQUIRE(append_params(space, text, out));
  CHECK(out.size() == 8U * trials);
  CHECK(taken.seconds() < test::seconds_max / 5);
}

TEST_CASE("what has no value is absent, and only that", "[codec]") {
  const SearchSpace space = *SearchSpace::make(
      {{.name = "m", .domain = FloatDomain{}, .when = {{.parent = "sgd", .values = {true}}}},
       {.name = "sgd", .domain = BoolDomain{}},
       {.name = "n", .domain = BoolDomain{}, .when = {{.parent = "m", .min = 0.5}}}});
  const Values values{Inactive{}, false, Inactive{}};
  CHECK(params_to_json(space, values) == R"({"sgd":false})");
  const Values all{0.5, true, true};
  for (const std::string_view text : {R"({"sgd":false})", R"({ "sgd": false })"}) {
    CHECK(*params_from_json(space, text) == values);
  }
  for (const std::string_view text :
       {R"({"m":0.5,"sgd":true,"n":true})", R"({"n":true,"sgd":true,"m":0.5})"}) {
    CHECK(*params_from_json(space, text) == all);
  }
  for (const std::string_view text :
       {R"({"m":0.5,"sgd":false})", R"({"sgd":true})", R"({"m":0.4,"sgd":true,"n":true})", "{}",
        R"({"m":0.5,"sgd":true,"n":true,"o":1})", R"({"sgd":false,"m":null})", R"({,"sgd":false})",
        R"({"m":0.5,"sgd":true})"}) {
    INFO(text);
    CHECK_FALSE(params_from_json(space, text));
  }
}
