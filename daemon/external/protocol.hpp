// What a strategy's program is told and what it may answer: a line of JSON each, version 1.
//
// examples/strategies/protocol.md says it for those who write such a program. Pure, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "schema/history.hpp"
#include "schema/study.hpp"
#include "strategies/strategy.hpp"

namespace hpo::external {

inline constexpr int protocol_version = 1;              // raise it when old programs would err
inline constexpr std::size_t told_trials_max = 500;     // in one line
inline constexpr std::size_t told_bytes_max = 256U << 10U;  // of a line, unless one trial is longer
inline constexpr std::size_t told_open_max = 1000;      // the newest ones
inline constexpr std::size_t reply_bytes_max = 4U << 20U;

// The study in study.json's own form, cut down to what concerns a search. Without a line end, as
// all lines here.
std::string study_line(const StudySpec& spec);

struct Told {
  std::string line{};
  std::size_t end = 0;  // of the history: the first finished trial that did not fit
};

// Finished trials from `begin` on, in the order in which they ended.
// REQUIRES: begin < history.finished_count()
Told tell_line(const SearchSpace& space, const History& history, std::size_t begin);

// Open trials are told anew with each question: they come and go.
std::string ask_line(const SearchSpace& space, const History& history, int first_number, int count);

// Errors of both: `conflict`, if the program itself says {"error": …}, which another try would not
// change; else `corrupt`, with the line, shortened.
Result<void> read_done(std::string_view line);

// The proposals of a reply, numbered from first_number on. They lie in the space, its constraints
// aside: those are kept by a layer around every strategy. `is_waiting_allowed`: there are results
// to come.
struct Asked {
  int first_number = 0;
  int count = 0;
  bool is_waiting_allowed = false;
};
Result<Proposals> read_proposals(const SearchSpace& space, std::string_view line,
                                 const Asked& asked);

}  // namespace hpo::external
