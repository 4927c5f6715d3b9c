// Studies of one float whose trials told at rungs, for tests of strategies that learn from that.
#pragma once

#include "schema/study.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {

// Rungs at 1, 3 and 9 epochs; the last one is at 27.
StudySpec study_at_rungs(const char* strategy);

// How many of so many proposals lie near to `x`; fewer and more than by chance.
inline constexpr int asked = 120;
inline constexpr int few = asked * 4 / 10;
inline constexpr int most = asked * 6 / 10;
int near(const StudySpec& spec, const History& history, double x);

// The proposal of that number is that of `sobol`.
bool is_sobol(const StudySpec& spec, const History& history, int number);

// Where the i-th of such a study's trials lies: spread evenly, however many there are.
double place(int i);

// Curves cross: after one epoch 0.2 looks best, after three 0.5, at the end 0.8. So many trials end
// at each; values grow from rung to rung, as if trainings got worse.
HistoryBuilder crossing(int at_first, int at_second, int at_end);

// So many open trials, that told at the first rung: 0.2 looks best.
HistoryBuilder all_open(int count);

// That a batch is what asks for one after the other give.
bool is_one_by_one(const StudySpec& spec, HistoryBuilder builder, int first_number, int count);

}  // namespace hpo
