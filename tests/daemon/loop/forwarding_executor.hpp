// An executor that does what another one does: the base of those that do one thing otherwise.
// Strays and incidents are the base's own: there are none.
#pragma once

#include <memory>
#include <utility>

#include "executors/executor.hpp"

namespace hpo::test {

class ForwardingExecutor : public Executor {
 public:
  explicit ForwardingExecutor(std::unique_ptr<Executor> real) : real_(std::move(real)) {}

  Result<Submitted> submit(const JobRequest& request) override { return real_->submit(request); }
  Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) override {
    return real_->poll(jobs);
  }
  Result<void> cancel(std::span<const Job> jobs) override { return real_->cancel(jobs); }
  Result<JobStatus> find(const Job& job) override { return real_->find(job); }

 private:
  std::unique_ptr<Executor> real_;
};

}  // namespace hpo::test
