// The suite finds what it looks for, and nothing where there is nothing.
#include "daemon/conformance/command.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <sstream>

#include "daemon/conformance/findings.hpp"
#include "strategies/strategy.hpp"

namespace hpo::conformance {
namespace {

struct Question {
  const History& history;
  int first = 0;
  int count = 0;
  int asks = 0;  // before, of this object
};

// Proposes at random, as the house does, but for what `twist` makes of it.
using Twist = std::function<void(const Question&, Proposals&)>;

class Twisted final : public Strategy {
 public:
  Twisted(StudySpec spec, Twist twist) : twist_(std::move(twist)) {
    spec.strategy = {.type = "random"};
    inner_ = *make_strategy(spec);
  }

  Result<Proposals> ask(const History& history, int first, int count) override {
    auto answer = inner_->ask(history, first, count);
    if (answer) twist_({history, first, count, asks_++}, *answer);
    return answer;
  }

 private:
  std::unique_ptr<Strategy> inner_{};
  Twist twist_;
  int asks_ = 0;
};

struct Verdict {
  bool is_good = false;
  std::string text{};
};

Verdict verdict(const StrategyFinder& find, const std::string& strategy = "sobol") {
  std::ostringstream report;
  const auto good = carry_out(R"({"name": "a", "space": {"x": {"bool": true}}, "command": ["a"],
      "fidelity": {"name": "e", "min": 1, "max": 9}, "objective": {"minimize": "l"},
      "strategy": ")" + strategy + "\"}", find, report);
  REQUIRE(good);
  return {*good, report.str()};
}

Verdict verdict_on(Twist twist) {
  return verdict([twist](const StudySpec&) -> Result<StrategyEntry> {
    return StrategyEntry{.name = "twisted", .make = [twist](const StudySpec& spec)
        -> Result<std::unique_ptr<Strategy>> {
      return with_layers(spec, std::make_unique<Twisted>(spec, twist));
    }};
  });
}

int count_of(const std::string& text, const std::string& word) {
  int count = 0;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("strategies of the house keep every promise", "[conformance]") {
  const std::string name = GENERATE(as<std::string>(), "random", "sobol", "tpe", "cma_es", "bohb");
  const Verdict found = verdict(find_strategy, name);
  INFO(name << "\n" << found.text);
  CHECK(found.is_good);
  CHECK(count_of(found.text, "ok ") == static_cast<int>(checks.size()));
}

TEST_CASE("a strategy that ends by itself has not failed", "[conformance]") {
  const Verdict found = verdict(find_strategy, "grid");
  INFO(found.text);
  CHECK(found.is_good);
  CHECK(count_of(found.text, "it survives failures, ties and values of 1e308 (1)") == 1);
}

TEST_CASE("one that keeps the rules passes", "[conformance]") {
  const Verdict found = verdict_on([](const Question&, Proposals&) {});
  INFO(found.text);
  CHECK(found.is_good);
}

TEST_CASE("each broken promise is found by its check and none else", "[conformance]") {
  const auto [title, twist] = GENERATE(table<std::string, Twist>({
      {"its values lie in the space", [](const Question& q, Proposals& p) {
         if (q.first >= 20 && !p.proposals.empty()) p.proposals[0].values.clear();
       }},
      {"it survives failures", [](const Question& q, Proposals& p) {
         if (q.history.finished_count() >= 9) p.proposals.resize(p.proposals.size() + 3);
       }},
      {"it proposes at least one trial when none is open", [](const Question& q, Proposals& p) {
         if (q.history.finished_count() == 1 && q.history.open().empty()) p.proposals.clear();
       }},
      {"64 trials in flight", [](const Question& q, Proposals& p) {
         if (q.history.open().size() >= 30) p.proposals.clear();
       }},
      {"the same question gets the same answer twice", [](const Question& q, Proposals& p) {
         if (q.first > 60 && q.asks % 2 == 1) std::ranges::reverse(p.proposals);
         for (std::size_t i = 0; i < p.proposals.size(); ++i) {
           p.proposals[i].number = q.first + static_cast<int>(i);
         }
       }}}));
  const Verdict found = verdict_on(twist);
  INFO(found.text);
  CHECK_FALSE(found.is_good);
  CHECK(found.text.find("failed  " + title) != found.text.npos);
  CHECK(found.text.find("mend:") != found.text.npos);
}

TEST_CASE("a strategy that counts its asks is found by its restart", "[conformance]") {
  const Verdict found = verdict_on([](const Question& q, Proposals& p) {
    if (q.asks < 3) return;  // of an object that is new, these differ
    std::ranges::reverse(p.proposals);
    for (std::size_t i = 0; i < p.proposals.size(); ++i) {
      p.proposals[i].number = q.first + static_cast<int>(i);
    }
  });
  INFO(found.text);
  CHECK_FALSE(found.is_good);
  CHECK(found.text.find("ok      the same question gets") != found.text.npos);
  CHECK(found.text.find("failed  after a kill and a restart") != found.text.npos);
}

TEST_CASE("a space that is refused is told as such, all of them are a failure", "[conformance]") {
  const auto refusing = [](bool all) {
    return verdict([all](const StudySpec&) -> Result<StrategyEntry> {
      return StrategyEntry{.name = "choosy", .make = [all](const StudySpec& spec)
          -> Result<std::unique_ptr<Strategy>> {
        if (all || spec.space.size() == 1) {
          return Error{ErrorCode::conflict, "it says: not one", "", ""};
        }
        return with_layers(spec, std::make_unique<Twisted>(
            spec, [](const Question&, Proposals&) {}));
      }};
    });
  };
  const Verdict some = refusing(false);
  INFO(some.text);
  CHECK(some.is_good);
  CHECK(some.text.find("refused 2 spaces (one float; a log scale over ten decades)\n"
                       "        it says: it says: not one") != some.text.npos);
  CHECK_FALSE(refusing(true).is_good);
}

TEST_CASE("what is no study is refused", "[conformance]") {
  std::ostringstream report;
  CHECK_FALSE(carry_out("{}", find_strategy, report));
}

}  // namespace hpo::conformance
