// What has to happen at least once in a run of histories, or else it was not tested: every word
// of the tables, every transition of the engine, every fault.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace hpo::sim {

using Counts = std::map<std::string, int>;

void add(Counts& sum, const Counts& more);
void print(const std::string& title, const Counts& counts);
std::string text(const std::vector<std::string>& lines);  // one below the other

// Of many drawn histories. Empty: all has happened. What cannot happen yet is excused in
// coverage.cpp, with its reason.
std::vector<std::string> never_happened(const Counts& counts);

// Of the loop over single faults: words and transitions alone, without what takes two faults or
// another study than its own. It counts its faults itself.
std::vector<std::string> never_happened_by_one_fault(const Counts& counts);

}  // namespace hpo::sim
