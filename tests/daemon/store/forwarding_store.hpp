// A store that does what another one does: the base of those that do one thing otherwise.
#pragma once

#include <memory>
#include <utility>

#include "daemon/store/store.hpp"

namespace hpo::test {

class ForwardingStore : public store::Store {
 public:
  explicit ForwardingStore(std::unique_ptr<Store> real) : real_(std::move(real)) {}

  Result<void> begin() override { return real_->begin(); }
  Result<void> savepoint() override { return real_->savepoint(); }
  Result<void> release() override { return real_->release(); }
  Result<void> undo() override { return real_->undo(); }
  Result<void> commit() override { return real_->commit(); }
  void rollback() override { real_->rollback(); }
  Result<std::int64_t> create_study(const StudySpec& spec, std::string_view hash,
                                    const Event& event) override {
    return real_->create_study(spec, hash, event);
  }
  Result<std::int64_t> write(const engine::Study& study, const engine::Changes& changes,
                             const Event& event) override {
    return real_->write(study, changes, event);
  }
  Result<void> write_report(std::int64_t study, const JudgedReport& row) override {
    return real_->write_report(study, row);
  }
  Result<store::ReportTail> report_tail(std::int64_t study, int trial) override {
    return real_->report_tail(study, trial);
  }
  Result<std::optional<Report>> find_report(std::int64_t study, int trial,
                                            std::int64_t step) override {
    return real_->find_report(study, trial, step);
  }
  Result<void> retell(std::int64_t study, const Retold& told) override {
    return real_->retell(study, told);
  }
  Result<void> remember(std::string_view key, std::string_view route,
                        const store::StoredReply& reply) override {
    return real_->remember(key, route, reply);
  }
  Result<std::optional<store::StoredReply>> recall(std::string_view key,
                                                   std::string_view route) override {
    return real_->recall(key, route);
  }
  Result<std::optional<store::NamedStudy>> find_study(std::string_view name) override {
    return real_->find_study(name);
  }
  Result<void> keep_absence(std::string_view job, std::chrono::nanoseconds absent) override {
    return real_->keep_absence(job, absent);
  }
  Result<std::chrono::nanoseconds> absence_of(std::string_view job) override {
    return real_->absence_of(job);
  }
  Result<bool> has_submitted_to(std::string_view executor) override {
    return real_->has_submitted_to(executor);
  }
  Result<void> keep_token(std::int64_t study, std::string_view sha256,
                          std::chrono::seconds valid) override {
    return real_->keep_token(study, sha256, valid);
  }
  Result<void> drop_token(std::string_view sha256) override { return real_->drop_token(sha256); }
  Result<void> revoke_tokens(std::int64_t study) override { return real_->revoke_tokens(study); }
  Result<std::int64_t> count_tokens(std::int64_t study) override {
    return real_->count_tokens(study);
  }
  Result<std::vector<engine::Study>> load_unfinished() override {
    return real_->load_unfinished();
  }
  Result<engine::Study> load(std::int64_t study) override { return real_->load(study); }
  Result<Trial> load_trial(std::int64_t study, int number) override {
    return real_->load_trial(study, number);
  }
  Result<std::vector<int>> failed_trials(std::int64_t study) override {
    return real_->failed_trials(study);
  }
  Result<std::vector<std::string>> jobs_of(std::int64_t study, int trial) override {
    return real_->jobs_of(study, trial);
  }
  Result<std::vector<std::string>> jobs_of_worker(std::int64_t study, int worker) override {
    return real_->jobs_of_worker(study, worker);
  }
  Result<std::optional<Attempt>> find_lease(std::int64_t study, int trial,
                                            std::int64_t fence) override {
    return real_->find_lease(study, trial, fence);
  }
  Result<std::optional<store::SubmissionOf>> find_submission(std::string_view job) override {
    return real_->find_submission(job);
  }
  std::int64_t last_history_seq() const override { return real_->last_history_seq(); }
  std::int64_t last_event_seq() const override { return real_->last_event_seq(); }
  std::string installation() const override { return real_->installation(); }
  Result<void> checkpoint(bool is_last) override { return real_->checkpoint(is_last); }

 protected:
  Store& real() const { return *real_; }

 private:
  std::unique_ptr<Store> real_;
};

}  // namespace hpo::test
