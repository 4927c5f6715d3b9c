// Inside the engine: what apply.cpp and apply_attempt.cpp share.
#pragma once

#include <string>

#include "daemon/engine/study.hpp"
#include "schema/assert.hpp"

namespace hpo::engine {

Error impossible(const std::string& what);

// Takes the trial out of the open ones, counts it and compares it with the best.
Trial finish(Study& study, int number, TrialState state, const Event& event);

Result<Changes> on(Study& study, const AttemptSubmitting& e, const Event& event);
Result<Changes> on(Study& study, const AttemptSubmitted& e, const Event& event);
Result<Changes> on(Study& study, const AttemptRejected& e, const Event& event);
Result<Changes> on(Study& study, const AttemptUnknown& e, const Event& event);
Result<Changes> on(Study& study, const AttemptAbsent& e, const Event& event);
Result<Changes> on(Study& study, const AttemptRunning& e, const Event& event);
Result<Changes> on(Study& study, const AttemptEnded& e, const Event& event);

}  // namespace hpo::engine
