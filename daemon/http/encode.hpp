// Rows of the store -> JSON of the API. The shapes are schema/openapi.yaml's.
//
// Params, spec and event data are passed on as the bytes that are stored. Any thread.
#pragma once

#include <string>
#include <vector>

#include "daemon/store/reader.hpp"
#include "daemon/loop/commands.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"

namespace hpo::http {

// Each writes one whole object.
// Error: corrupt if the stored spec is none; nothing may be sent then.
struct StudyExtras {
  bool spec = false;
  std::vector<loop::CommandSink::Wait> waits{};
  int unheard = 0;
  int loading = 0;
  loop::CommandSink::Asks asks{};
};
Result<void> write_study(json::Writer& writer, const store::StudyRow& row,
                         const StudyExtras& extras);
// The member "recommended", inside of an object.
void write_recommended(json::Writer& writer, const store::StudyRow& row);

struct TrialExtras {
  bool suggestion = false;
  const std::vector<Attempt>* history = nullptr;
  const std::vector<store::EventRow>* doubts = nullptr;  // with the history; so for the directory
  std::string directory{};                               // of the trial
  std::string waits_for{};
};
void write_trial(json::Writer& writer, const store::TrialRow& row, const TrialExtras& extras = {});

void write_event(json::Writer& writer, const store::EventRow& row);
void write_problem(json::Writer& writer, const Problem& problem);

}  // namespace hpo::http
