// A listing of squeue or sacct taken apart: only the rows of our own jobs are ever split.
//
// A row is `field|…|field|NAME|reason|NAME` and a closing mark. Slurm escapes nothing, so a
// foreign name may hold separators, newlines, any bytes: its row is no row of ours, because no name
// of ours stands in both places. A reason may hold a separator.
//
// One that spells a whole row of ours between two newlines can be given by the same user alone;
// it is one of several jobs found under that name, as if it had been submitted so. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "schema/result.hpp"

namespace hpo::slurm {

// "hpo" and twelve of [a-z0-9]: the names of all that hpo submits.
bool is_own_name(std::string_view name);

inline constexpr std::size_t row_fields = 6;  // in front of the name

struct Row {
  std::array<std::string_view, row_fields> fields{};
  std::string_view name{};
  std::string_view reason{};
};

// The rows of our jobs; views into `text`. `command` goes into the error: corrupt, if the listing
// does not end with a whole row. What was cut between two rows looks whole: the caller has to know
// that the command ended with 0, and that it read all of the output.
Result<std::vector<Row>> own_rows(std::string_view text, std::string_view closing,
                                  std::string_view command);

// The same, each row made a Job by `job_of`.
template <class Job>
Result<std::vector<Job>> own_jobs(std::string_view text, std::string_view closing,
                                  std::string_view command, Job (*job_of)(const Row&)) {
  const auto rows = own_rows(text, closing, command);
  if (!rows) return rows.error();
  std::vector<Job> jobs;
  jobs.reserve(rows->size());
  for (const Row& row : *rows) jobs.push_back(job_of(row));
  return jobs;
}

}  // namespace hpo::slurm
