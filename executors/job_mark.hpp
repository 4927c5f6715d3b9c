// Where a text names the job that it is about. Pure.
#pragma once

#include <string>
#include <string_view>

namespace hpo {

// Stands for the scheduler's id of the job: jobs that wait alike then say the same.
inline constexpr std::string_view job_mark = "{job}";

// `ids`: of one job, or of several with commas between, as schedulers' commands take them.
inline std::string with_jobs(std::string text, std::string_view ids) {
  if (const std::size_t at = text.find(job_mark); at != std::string::npos) {
    text.replace(at, job_mark.size(), ids);
  }
  return text;
}

}  // namespace hpo
