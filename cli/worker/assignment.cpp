// See assignment.hpp.
#include "cli/worker/assignment.hpp"

#include "schema/codec/codec.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli::worker {
namespace {

constexpr std::string_view work_place = "the daemon's answer about the study's work";

Error unknown_work(std::string_view why) {
  return Error{ErrorCode::corrupt, "the daemon's answer cannot be read: " + std::string(why),
               std::string(work_place),
               "both must be of one version: compare 'hpo version' and 'hpo daemon status'"};
}

}  // namespace

Result<Assignment> assignment_from_json(std::string_view text) {
  const auto root = json::parse_own(text, work_place);
  if (!root) return unknown_work(root.error().what);
  const json::Node* attempt = root->find("attempt");
  const auto state = from_word<StudyState>(json::text_at(*root, "state"));
  const auto lease = lease_at(*root);
  Assignment assignment;
  assignment.work.directory = json::text_at(*root, "directory");
  if (!attempt || !state || !lease) return unknown_work("attempt, state or lease_s is missing");
  if (!assignment.work.directory.starts_with('/')) return unknown_work("directory is no path");
  auto spec = attempt_spec_from_json(text.substr(attempt->at.offset, attempt->at.length));
  if (!spec) return unknown_work(spec.error().what + " at " + spec.error().where);
  assignment.work.attempt = *std::move(spec);
  assignment.state = *state;
  assignment.lease = *lease;
  const json::Node* reports = root->find("reports");
  assignment.takes_reports = reports != nullptr && reports->boolean;
  return assignment;
}

std::string directory_of(const Work& work, const LeasedTrial& trial) {
  return work.directory + "/trials/" + std::to_string(trial.key.trial) + "/" +
         std::to_string(trial.attempt);
}

// No file in ended/ either: the daemon hears of the end from us.
AttemptSpec spec_of(const Work& work, const LeasedTrial& trial, int slot,
                    const std::vector<int>& devices) {
  AttemptSpec spec = work.attempt;
  spec.trial = trial.key.trial;
  spec.attempt = trial.attempt;
  spec.job = trial.job;
  spec.identity = trial.identity;
  spec.params = trial.params;
  spec.seed = trial.seed;
  spec.slot = slot;
  if (!devices.empty()) {
    spec.devices = devices;
    spec.hides_devices = true;
  }
  if (!trial.command.empty()) spec.command = trial.command;
  if (!work.is_own) spec.checkpoint_from = trial.checkpoint_from;
  spec.ended_directory.clear();
  return spec;
}

}  // namespace hpo::cli::worker
