// Reading by a list of fields: each type takes its own kind of value and nothing near it.
#include <catch2/catch.hpp>

#include "schema/codec/archive.hpp"

namespace hpo::test {

struct Everything {
  bool flag = true;
  int small = 1;
  std::int64_t large = 2;
  std::uint64_t unsigned_one = 3;
  double number = 4;
  std::string text = "five";
  std::chrono::seconds time{6};
  Noise noise = Noise::high;
  std::optional<int> maybe{7};
  std::vector<std::string> list{"eight"};
  std::map<std::string, double> map{{"nine", 9.0}};
  friend bool operator==(const Everything&, const Everything&) = default;
};

template <class A>
void fields(A& archive, codec::Of<A, Everything>& it) {
  archive("flag", it.flag);
  archive("small", it.small);
  archive("large", it.large);
  archive("unsigned", it.unsigned_one);
  archive("number", it.number);
  archive("text", it.text);
  archive("time", it.time);
  archive("noise", it.noise);
  archive("maybe", it.maybe);
  archive("list", it.list);
  archive("map", it.map);
}

struct Outer {
  Everything inner{};
};

template <class A>
void fields(A& archive, codec::Of<A, Outer>& it) {
  archive.need("inner", it.inner);
}

}  // namespace hpo::test

using namespace hpo;
using test::Everything;

TEST_CASE("a missing field keeps its default, a needed one is missed", "[codec]") {
  CHECK(*codec::from_text<Everything>("{}", "here") == Everything{});
  const auto outer = codec::from_text<test::Outer>("{}", "here");
  REQUIRE_FALSE(outer);
  CHECK(outer.error().where == "here /inner");
}

TEST_CASE("each field is read from its kind of value", "[codec]") {
  const auto read = codec::from_text<Everything>(
      R"({"flag":false,"small":-1,"large":9007199254740993,"unsigned":"18446744073709551615",)"
      R"("number":3,"text":"","time":0,"noise":"none","maybe":null,"list":[],"map":{"a":1}})",
      "here");
  REQUIRE(read);
  CHECK(*read == Everything{.flag = false, .small = -1, .large = 9007199254740993,
                            .unsigned_one = UINT64_MAX, .number = 3, .text = "",
                            .time = std::chrono::seconds(0), .noise = Noise::none, .maybe = {},
                            .list = {}, .map = {{"a", 1.0}}});
}

TEST_CASE("every other kind of value is refused at its place", "[codec]") {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"flag":1})", "/flag"},          {R"({"small":1.0})", "/small"},
      {R"({"small":2147483648})", "/small"}, {R"({"large":"1"})", "/large"},
      {R"({"unsigned":1})", "/unsigned"},  {R"({"unsigned":"-1"})", "/unsigned"},
      {R"({"unsigned":""})", "/unsigned"}, {R"({"unsigned":"1x"})", "/unsigned"},
      {R"({"number":"1"})", "/number"},    {R"({"text":1})", "/text"},
      {R"({"time":"1s"})", "/time"},       {R"({"noise":"loud"})", "/noise"},
      {R"({"noise":0})", "/noise"},        {R"({"maybe":"x"})", "/maybe"},
      {R"({"list":{}})", "/list"},         {R"({"list":["a",1]})", "/list/1"},
      {R"({"map":[]})", "/map"},           {R"({"map":{"a/b":null}})", "/map/a~1b"}};
  for (const auto& [text, where] : cases) {
    INFO(text);
    const auto inner = codec::from_text<Everything>(text, "here");
    REQUIRE_FALSE(inner);
    CHECK(inner.error().code == ErrorCode::corrupt);
    CHECK(inner.error().where == "here " + where);
    const auto outer = codec::from_text<test::Outer>("{\"inner\":" + text + "}", "here");
    REQUIRE_FALSE(outer);
    CHECK(outer.error().where == "here /inner" + where);
  }
}

TEST_CASE("what was written reads back equal", "[codec]") {
  const Everything it{.flag = false, .text = "é\n", .maybe = {}, .list = {"", "b"}};
  const auto back = codec::from_text<Everything>(codec::to_text(it), "here");
  REQUIRE(back);
  CHECK_FALSE(back->flag);
  CHECK(back->text == it.text);
  CHECK(back->list == it.list);
}
