// See decisions.hpp.
#include "daemon/replay/decisions.hpp"

#include "strategies/pruners/pruner.hpp"

namespace hpo::replay {
namespace {

// The ends of trials between the reports, by the numbers that order both.
class Ends {
 public:
  explicit Ends(const RecordedStudy& study) {
    for (const auto& [number, trial] : study.trials) {
      if (trial.history_seq) ends_[*trial.history_seq] = {number, &trial};
    }
    next_ = ends_.begin();
  }

  void tell(Pruner& pruner, std::int64_t before_seq) {
    for (; next_ != ends_.end() && next_->first < before_seq; ++next_) {
      const auto& [number, trial] = next_->second;
      pruner.finished(number, trial->state, trial->value);
    }
  }
  bool has(std::int64_t seq) const { return ends_.contains(seq); }

 private:
  struct End {
    int number = 0;
    const RecordedTrial* trial = nullptr;
  };
  std::map<std::int64_t, End> ends_{};
  std::map<std::int64_t, End>::const_iterator next_{};
};

std::string text_of(const Decision& decision) {
  const std::string why = decision.reason.empty() ? "" : " (" + decision.reason + ")";
  return std::string(word(decision.verdict)) + why;
}

}  // namespace

Result<Decisions> replay_decisions(const RecordedStudy& study) {
  Decisions found{.pruner = study.spec.pruner.type};
  if (found.pruner == "none") return found;
  auto pruner = Pruner::make(study.spec);
  if (!pruner) return pruner.error();
  Ends ends(study);
  for (const JudgedReport& each : study.reports) {
    const Report& report = each.report;
    if (report.seq > study.history_seq_max) {
      ++found.too_new;
      continue;
    }
    if (ends.has(report.seq)) {
      return Error{ErrorCode::corrupt, "a report and the end of a trial have the same seq",
                   "the export, seq " + std::to_string(report.seq), "export the study again"};
    }
    ends.tell(*pruner, report.seq);
    const Decision computed = pruner->report(report);
    ++(computed == each.decision ? found.equal : found.different);
    const bool is_shown = computed != each.decision && found.shown.size() < Decisions::shown_max;
    if (is_shown) found.shown.push_back({report.trial, report.step, each.decision, computed});
  }
  return found;
}

std::string report_text(const Decisions& decisions) {
  if (decisions.pruner == "none") return {};
  std::string text = std::to_string(decisions.equal) + " decisions of " + decisions.pruner +
                     " equal, " + std::to_string(decisions.different) + " different\n";
  for (const DecisionDifference& each : decisions.shown) {
    text += "  trial " + std::to_string(each.trial) + ", step " + std::to_string(each.step) +
            ": recorded " + text_of(each.recorded) + ", computed " + text_of(each.computed) + "\n";
  }
  if (decisions.too_new > 0) {
    text += std::to_string(decisions.too_new) + " reports came while the study was read: not "
            "judged; replay it again later\n";
  }
  return text;
}

}  // namespace hpo::replay
