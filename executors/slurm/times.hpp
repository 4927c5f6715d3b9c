// Times as Slurm's commands print them. Any thread.
//
// Queries run with SLURM_TIME_FORMAT=%s and TZ=UTC0: then squeue, sacct and scontrol print seconds
// since 1970, and a release that ignores the format prints ISO 8601 in UTC, which is read as well.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hpo::slurm {

// Seconds since 1970; 0 for "N/A", "Unknown", "None" and whatever else is no time.
std::int64_t time_of(std::string_view text);

// As a person at this host reads it: "14:20"; on another day than `now_s` "Nov 29 14:20".
std::string clock_text(std::int64_t time_s, std::int64_t now_s);

}  // namespace hpo::slurm
