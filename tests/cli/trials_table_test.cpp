// `hpo trials`: what stopping early adds to the table, and when.
#include "cli/trials_table.hpp"

#include <catch2/catch.hpp>

#include "cli/json_view.hpp"
#include "cli/text.hpp"

using namespace hpo::cli;

namespace {

std::vector<hpo::json::Node> trials(std::initializer_list<const char*> texts) {
  std::vector<hpo::json::Node> nodes;
  for (const char* text : texts) nodes.push_back(hpo::json::parse(text).root);
  return nodes;
}

constexpr const char* completed =
    R"({"number":0,"state":"completed","value":0.5,"params":{"x":1},"message":"noted",
        "step":27,"rung":2,"wait_s":0,"run_s":9})";
constexpr const char* pruned =
    R"({"number":1,"state":"pruned","value":null,"params":{"x":2},"step":3,"rung":0,
        "message":"value 7 at step 3 is not among the\nbest third of 8","wait_s":0,"run_s":1})";

}  // namespace

TEST_CASE("a study that stops nothing early keeps its columns", "[cli]") {
  const std::string text = trials_table(
      trials({R"({"number":0,"state":"failed","params":{"x":1},"message":"m","step":null})"}),
      false).render({});
  CHECK(text.substr(0, text.find('\n')) == "TRIAL\tSTATE\tVALUE\tx\tWAIT_S\tRUN_S\tFAILURE");
}

TEST_CASE("steps, rungs and reasons stand behind the other columns", "[cli]") {
  CHECK(trials_table(trials({completed, pruned}), false).render({}) ==
        "TRIAL\tSTATE\tVALUE\tx\tWAIT_S\tRUN_S\tFAILURE\tSTEP\tRUNG\tREASON\n"
        "0\tcompleted\t0.5\t1\t0\t9\t\t27\t2\t\n"
        "1\tpruned\t\t2\t0\t1\t\t3\t0\tvalue 7 at step 3 is not among the; best third of 8\n");
}

TEST_CASE("beside a reason stand the last step and the rung that it is about", "[cli]") {
  const char* message = GENERATE("value 7 at step 1 is not among the best",
                                 "the value at step 1 is not a finite number");
  const std::string trial =
      R"({"number":1,"state":"pruned","step":5,"rung":1,"verdict_step":1,"verdict_rung":0,)"
      R"("message":")" + std::string(message) + R"("})";
  CHECK_THAT(trials_table(trials({trial.c_str()}), false).render({}),
             Catch::Contains("\t5\t0\t" + std::string(message)));
}

TEST_CASE("attempts are shown where a trial of the list had more than one", "[cli]") {
  const char* once = R"({"number":0,"state":"completed","value":0.5,"attempts":1})";
  const char* twice = R"({"number":1,"state":"failed","failure":"lost","attempts":2})";
  CHECK(trials_table(trials({once, twice}), false).render({}) ==
        "TRIAL\tSTATE\tVALUE\tWAIT_S\tRUN_S\tFAILURE\tATTEMPTS\n"
        "0\tcompleted\t0.5\t\t\t\t1\n1\tfailed\t\t\t\tlost\t2\n");
  CHECK_THAT(trials_table(trials({once}), false).render({}), !Catch::Contains("ATTEMPTS"));
}

TEST_CASE("trials that told steps to no pruner have a step alone", "[cli]") {
  const std::string text = trials_table(
      trials({R"({"number":0,"state":"running","step":4,"rung":null,"message":"m"})"}),
      false).render({});
  CHECK(text == "TRIAL\tSTATE\tVALUE\tWAIT_S\tRUN_S\tFAILURE\tSTEP\n0\trunning\t\t\t\t\t4\n");
}

TEST_CASE("a paused trial tells its reason, and a terminal's width cuts it", "[cli]") {
  Terminal terminal;
  terminal.is_tty = true;
  terminal.width = 80;
  const std::string text = trials_table(
      trials({R"({"number":0,"state":"paused","step":3,"rung":0,"params":{"x":1},
                  "message":"value 7 at step 3 is not among the best third of 8 at that rung"})"}),
      true).render(terminal);
  const std::string line = text.substr(text.find('\n') + 1);
  CHECK_THAT(line, Catch::Contains("paused") && Catch::Contains("value 7 at") &&
                       Catch::Contains("~"));
  CHECK(display_width(line) <= 81);
}
