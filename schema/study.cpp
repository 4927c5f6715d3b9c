// What is large in StudySpec, compiled once.
#include "schema/study.hpp"

namespace hpo {

StudySpec::StudySpec() = default;
StudySpec::StudySpec(const StudySpec&) = default;
StudySpec::StudySpec(StudySpec&&) noexcept = default;
StudySpec& StudySpec::operator=(const StudySpec&) = default;
StudySpec& StudySpec::operator=(StudySpec&&) noexcept = default;
StudySpec::~StudySpec() = default;
bool operator==(const StudySpec&, const StudySpec&) = default;

ExecutorSpec StudySpec::job_executor() const {
  ExecutorSpec job = executor;
  if (!has_worker_jobs()) return job;
  job.cpus *= slots_per_worker();
  job.gpus *= slots_per_worker();
  return job;
}

}  // namespace hpo
