// What the suite looks for, and what it found: one line for each check.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hpo::conformance {

enum class Check {
  takes, inside, proposes, survives, in_flight, repeats, restarts, grows, ends, distinct
};

struct CheckText {
  Check check{};
  std::string_view title{};
  std::string_view mend{};
};

inline constexpr std::array checks{
    CheckText{Check::takes, "it starts and takes the study",
              "start it by hand; a space that it cannot do, it refuses by {\"error\": \"why\"}"},
    CheckText{Check::inside, "its values lie in the space",
              "clamp, round and choose as the parameter's type, step and list say"},
    CheckText{Check::proposes, "it proposes at least one trial when none is open, and at most as "
                               "many as asked",
              "answer {\"wait\": true} only while trials are open"},
    CheckText{Check::survives, "it survives failures, ties and values of 1e308",
              "only \"completed\" trials have a value; take differences of ranks, not of values"},
    CheckText{Check::in_flight, "64 trials in flight get proposals",
              "do not wait for a whole generation: propose on from what is known"},
    CheckText{Check::repeats, "the same question gets the same answer twice",
              "seed a generator anew for each trial, by the study's seed and the trial's number"},
    CheckText{Check::restarts, "after a kill and a restart it proposes the same",
              "let the answer depend on what was told alone, not on earlier asks; keep trials in "
              "the order in which they ended"},
    CheckText{Check::grows, "a history of 1,200 trials is taken in several tells",
              "append \"finished\" to what you have; do not replace it"},
    CheckText{Check::ends, "a space of four sets of values ends by itself",
              "nothing to do on your side but to answer: hpo counts"},
    CheckText{Check::distinct, "without noise no values come twice",
              "remember \"finished\" and \"open\" values, or let hpo redraw them"}};

class Findings {
 public:
  // The check was made on this space; `failure` empty: it held.
  void add(Check check, const std::string& space, const std::string& failure);
  void add_refusal(const std::string& space, const std::string& why);

  bool are_good() const;
  // A line for each check: "ok", "failed" with space, reason and mend, or "not tried".
  std::string text() const;

 private:
  struct Entry { int spaces = 0; std::string failed_space{}; std::string failure{}; int more = 0; };
  std::map<Check, Entry> entries_{};
  std::vector<std::string> refusals_{};
  std::string refusal_{};
};

}  // namespace hpo::conformance
