// The part of jobs.hpp that reads what trainings tell: on the executor's strand, with the news of
// their jobs.
#include "daemon/loop/jobs.hpp"
#include "schema/paths.hpp"

namespace hpo::loop {
namespace {

// A hpod that has just started reads the file from its beginning, and may know those steps.
std::string skipped_text(std::int64_t bytes, bool is_late) {
  const auto kib = [](std::int64_t count) {
    return std::to_string((count + 1023) / 1024) + " KiB";
  };
  const auto limit = is_late ? runner::look_bytes_max : runner::backlog_bytes_max;
  return "more than " + kib(limit) + " of its metrics.jsonl waited to be read "
         "by hpod, and the first " + kib(bytes) + " of that were skipped: steps told there alone "
         "are not kept; report less often";
}

}  // namespace

Jobs::Ref Jobs::ref_with_steps(StudyLoop& loop, const Attempt& attempt) {
  Ref about = ref(loop, attempt);
  about.is_given_up = !is_live(attempt.state);
  if (about.is_given_up) {
    about.steps = std::make_shared<runner::StepTail>();
    return about;
  }
  auto& steps = flight(loop, {.number = attempt.trial}).steps;
  if (!steps) steps = std::make_shared<runner::StepTail>(runner::backlog_bytes_max);
  about.steps = steps;
  return about;
}

// What could not be stored is read again, from the store and from the file, and ends again.
void Jobs::forget_news(const Ref& about) {
  StudyLoop* loop = ledger_.get(about.study);
  if (!loop) return;
  const auto flight = loop->flights.find(about.owner);
  if (flight == loop->flights.end()) return;
  flight->second.absent_ns.reset();
  flight->second.steps.reset();
  flight->second.is_ending = false;
}

// On the executor's strand: the file may lie where the job is, on a file system that hangs.
Jobs::News Jobs::news_of(const Ref& about, const JobStatus& status) {
  News news{.status = status};
  if (!about.steps) return news;
  const std::string path = about.job.directory + "/" + std::string(metrics_name);
  const bool is_over = status.state == JobState::ended || status.state == JobState::gone;
  const bool is_under_way = status.state == JobState::running && !about.is_given_up;
  if (is_under_way) news.steps = about.steps->look(path);
  else if (is_over) {
    news.steps = about.steps->finish(path);
    news.has_more = about.steps->has_more();
  }
  news.bytes_skipped = about.steps->take_first_skipped();
  return news;
}

// The end of an attempt comes after all that its training wrote, of which memory and a transaction
// hold one piece at a time. If that cannot be stored, the next poll begins anew.
void Jobs::read_on(const Ref& about, const JobStatus& status) {
  const auto is_current = [this, about] {
    return live_attempt(about) &&
           flight(*ledger_.get(about.study), about.owner).steps == about.steps;
  };
  if (!is_current()) return;
  StudyLoop& loop = *ledger_.get(about.study);
  if (std::exchange(flight(loop, about.owner).is_ending, true)) return;  // since another poll
  threads_.executor(loop.spec().executor.type, [this, about, status, is_current] {
    threads_.engine([this, about, is_current, news = news_of(about, status)] {
      if (!is_current()) return;
      flight(*ledger_.get(about.study), about.owner).is_ending = false;
      tell(about, news);
    });
  });
}

// The last steps of a training come with its end, and before it. Those of one that was given up
// come only with a result that counts.
Result<void> Jobs::tell_steps(StudyLoop& loop, const Ref& about, const Attempt& attempt,
                              const News& news) {
  const engine::LiveTrial& live = loop.study.open.at(about.owner.number);
  const bool is_late = !is_live(attempt.state);
  if (is_late && !engine::counts_late(live, news.status.outcome.value_or(Outcome{}))) return {};
  if (news.bytes_skipped > 0) {
    auto recorded = ledger_.record(
        loop, AttemptIncident{about.owner.number, about.attempt,
                              skipped_text(news.bytes_skipped, is_late), about.job.name});
    if (!recorded) return recorded;
  }
  for (const StepTold& step : news.steps) {
    const auto heard = is_late ? reports_.tell_late(loop, attempt, step)
                               : reports_.tell(loop, live, step);
    if (!heard) return heard.error();
    if (!heard->is_verdict_new || news.status.state != JobState::ended) continue;
    if (auto noted = reports_.note_untold(loop, live, heard->decision); !noted) return noted;
  }
  return {};
}

}  // namespace hpo::loop
