// The job that `hpo doctor` submits: made of the same files and options as those of a study, so
// that what it meets is what they will meet. It never outlives this object, unless Slurm does not
// answer. Main thread.
#pragma once

#include <optional>
#include <string>

#include "executors/batch/job_files.hpp"
#include "schema/outcome.hpp"
#include "schema/result.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

// A study whose one trial tells where it is; of `like` it has the place and the environment.
// `program`: what the node is to look for; empty: nothing.
StudySpec doctor_study(const StudySpec& like, const std::string& program);

// What is known of the job: from its files, and from squeue.
struct JobSight {
  std::string wait{};              // why it waits, in plain words
  std::string state{};             // Slurm's word; empty: squeue shows no such job
  std::optional<std::string> claim_host{};  // it has started there, and we see its file
  std::optional<Outcome> outcome{};         // of exit.json
  std::optional<Outcome> end{};             // it ended without one, says Slurm
};

class DoctorJob {
 public:
  // Below `state`; writes nothing.
  DoctorJob(const StudySpec& study, const std::string& state);
  ~DoctorJob();
  DoctorJob(const DoctorJob&) = delete;
  DoctorJob& operator=(const DoctorJob&) = delete;

  // Writes its files, and calls sbatch.
  Result<void> submit();
  const std::string& id() const { return request_.job.native_id; }
  const std::string& directory() const { return request_.job.directory; }

  JobSight look_at_files() const;
  // Adds what squeue says. Error: no answer.
  Result<JobSight> look() const;

  std::string printed() const;  // by the job's script and by Slurm
  std::string told() const;     // by the trial

  // False: Slurm may still have it.
  bool cancel();
  void forget() { may_be_there_ = false; }  // it is known to be gone
  void remove_files() const;

 private:
  JobRequest request_{};
  bool may_be_there_ = false;
};

}  // namespace hpo::cli
