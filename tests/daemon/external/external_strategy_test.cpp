// A program as a strategy: told everything once, started again when it fails, given up in time.
#include "daemon/external/external_strategy.hpp"

#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "daemon/external/protocol.hpp"
#include "tests/daemon/external/programs.hpp"
#include "tests/fresh_directory.hpp"

namespace hpo::external {
namespace {

using namespace std::chrono_literals;

const std::string half = R"({"proposals": [{"params": {"x": 0.5}}]})";

class Rig {
 public:
  explicit Rig(const std::string& script) : spec(study_with(script)) {
    ::signal(SIGPIPE, SIG_IGN);  // as hpod does
    spec.environment.vars["HERE"] = directory.path();
    spec.strategy.external.command.push_back("program");
  }

  std::unique_ptr<Strategy> make() const {
    return make_strategy(spec, directory.path() + "/strategy.log",
                         {.reply = 20s, .back_off = 1ms});
  }

  std::vector<std::string> lines(const std::string& name) const {
    std::ifstream file(directory.path() + "/" + name);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  void touch(const std::string& name) const { std::ofstream(directory.path() + "/" + name); }

  test::FreshDirectory directory{};
  StudySpec spec;
};

// Keeps what it was told in $HERE/told.
std::string recording(const std::string& answer) {
  return "while read -r line; do printf '%s\\n' \"$line\" >> $HERE/told; case $line in "
         "*'\"request\":\"ask\"'*) echo '" + answer + "';; *) echo '{\"ok\": true}';; esac; done";
}

History with(History history, int open) {
  history.set_open({{.number = open, .values = {0.25}}});
  return history;
}

History finished(int trials) {
  HistoryBuilder builder(1);
  for (int i = 0; i < trials; ++i) builder.add({0.5}, TrialState::completed, 1.0);
  return builder.history();
}

}  // namespace

TEST_CASE("a program is told the study once and each finished trial once", "[external]") {
  Rig rig(recording(half));
  const auto strategy = rig.make();
  REQUIRE(strategy->ask(finished(0), 0, 1));
  REQUIRE(strategy->ask(finished(1), 1, 1));
  REQUIRE(strategy->ask(finished(1), 2, 1));
  REQUIRE(strategy->ask(finished(3), 3, 1));
  const auto told = rig.lines("told");
  REQUIRE(told.size() == 7);
  CHECK(told[0] == study_line(rig.spec));
  CHECK(told[1] == ask_line(rig.spec.space, finished(0), 0, 1));
  CHECK(told[2] == tell_line(rig.spec.space, finished(1), 0).line);
  CHECK(told[5] == tell_line(rig.spec.space, finished(3), 1).line);
}

TEST_CASE("a program that was killed is told everything again", "[external]") {
  Rig rig("echo $$ > $HERE/pid; " + recording(half));
  const auto strategy = rig.make();
  REQUIRE(strategy->ask(finished(700), 700, 1));
  const std::string first = rig.lines("pid").at(0);
  REQUIRE(::kill(std::stoi(first), SIGKILL) == 0);
  const auto again = strategy->ask(with(finished(701), 701), 702, 1);
  REQUIRE(again);
  CHECK(again->proposals == std::vector<Proposal>{{702, {0.5}}});
  CHECK(rig.lines("pid").at(0) != first);
  const auto told = rig.lines("told");
  REQUIRE(told.size() == 8);  // study, 500, 200, ask; study, 500, 201, ask
  CHECK(told[4] == told[0]);
  CHECK(told[5] == told[1]);
  CHECK(told[6] == tell_line(rig.spec.space, finished(701), told_trials_max).line);
}

TEST_CASE("a history that is no longer one starts the program afresh", "[external]") {
  Rig rig(recording(half));
  const auto strategy = rig.make();
  REQUIRE(strategy->ask(finished(3), 3, 1));
  REQUIRE(strategy->ask(finished(2), 2, 1));
  CHECK(rig.lines("told").size() == 6);
  CHECK(rig.lines("told")[3] == study_line(rig.spec));
}

TEST_CASE("two failures in a row are forgiven, the third one is told", "[external]") {
  Rig rig("n=$(ls $HERE | grep -c try); : > $HERE/try$n; echo \"start $n\" >&2; "
          "test $n -ge 2 || exit 4; " + answering(half));
  auto strategy = rig.make();
  REQUIRE(strategy->ask(finished(0), 0, 1));
  strategy.reset();  // what it wrote is read to the end
  CHECK(rig.lines("strategy.log") == std::vector<std::string>{
      "start 0", "hpod: it ended with exit code 4; its last words: start 0; it is started again",
      "start 1", "hpod: it ended with exit code 4; its last words: start 1; it is started again",
      "start 2"});

  Rig never("echo once more >> $HERE/starts; exit 4");
  const auto refused = never.make()->ask(finished(0), 0, 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what ==
        "the strategy's program failed 3 times in a row, at last: it ended with exit code 4; look "
        "at its stderr: hpo logs toy --strategy");
  CHECK(never.lines("starts").size() == 3);
}

TEST_CASE("what a program says itself is not tried again", "[external]") {
  Rig rig("echo >> $HERE/starts; read -r line; echo '{\"error\": \"no option a\"}'; read -r line");
  const auto refused = rig.make()->ask(finished(0), 0, 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what ==
        "the strategy's program cannot go on: it says: no option a; do what it asks for");
  CHECK(rig.lines("starts").size() == 1);
}

TEST_CASE("garbage, too many proposals and values outside of the space are quoted", "[external]") {
  const auto [answer, what] = GENERATE(table<std::string, std::string>({
      {"garbage", "its reply is no JSON"},
      {R"({"proposals": [{"params": {"x": 2}}]})", "lies outside of the space: x = 2 ("},
      {R"({"proposals": [{"params": {"x": 0}}, {"params": {"x": 1}}]})", "it proposed 2 trials"}}));
  const Rig rig(answering(answer));
  const auto refused = rig.make()->ask(finished(0), 0, 1);
  REQUIRE_FALSE(refused);
  CAPTURE(refused.error().what);
  CHECK(refused.error().what.find(what) != std::string::npos);
  CHECK(refused.error().what.find(answer) != std::string::npos);
}

TEST_CASE("the finder makes external strategies and knows those of the house", "[external]") {
  ::signal(SIGPIPE, SIG_IGN);
  const test::FreshDirectory directory;
  const StrategyFinder find = strategy_finder(
      [&](const std::string& study) { return directory.path() + "/" + study + "/strategy.log"; });
  StudySpec spec = study_with("echo hello >&2; " + answering(half));
  const auto entry = find(spec);
  REQUIRE(entry);
  CHECK((entry->name == "external" && entry->version == protocol_version));
  CHECK(entry->pace == Pace::elsewhere);
  auto strategy = entry->make(spec);
  REQUIRE(strategy);
  CHECK((*strategy)->ask(finished(0), 0, 1));
  strategy->reset();
  CHECK(std::filesystem::exists(directory.path() + "/toy/strategy.log"));
  spec.strategy.external.command = {"no-such-program"};
  const auto refused = (*entry->make(spec))->ask(finished(0), 0, 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.starts_with("the strategy's program cannot go on: the strategy "
                                         "cannot be started: "));
  spec.strategy = {.type = "sobol"};
  CHECK(find(spec)->name == "sobol");
}

TEST_CASE("constraints hold for external strategies, and nothing comes twice without noise",
          "[external]") {
  ::signal(SIGPIPE, SIG_IGN);
  StudySpec spec = study_with(answering(R"({"proposals": [{"params": {"x": 3}}]})"), Noise::none);
  spec.space = constrained_space({{.name = "x", .domain = IntDomain{.low = 0, .high = 3}}},
                                 {"x < 3"});
  const StrategyFinder find = strategy_finder([](const std::string&) { return std::string(); });
  const auto strategy = find(spec)->make(spec);
  REQUIRE(strategy);
  HistoryBuilder builder(1);
  std::set<Values> tried;
  for (int number = 0; number < 3; ++number) {
    const auto answer = (*strategy)->ask(builder.history(), number, 1);
    REQUIRE(answer);
    REQUIRE(answer->proposals.size() == 1);
    const Values& values = answer->proposals[0].values;
    CHECK(spec.space.contains(values));
    CHECK(tried.insert(values).second);
    builder.add(values);
  }
  const auto end = (*strategy)->ask(builder.history(), 3, 1);
  REQUIRE(end);
  CHECK(end->exhausted);
}

}  // namespace hpo::external
