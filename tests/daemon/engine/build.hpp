// Builds studies and makes events happen to them, so that a test reads like the rule it protects.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/study.hpp"

namespace hpo::engine {

using Body = decltype(Event::body);
using Lines = std::vector<std::string>;

// A study without parameters: the engine looks at values only to see that they lie in the space.
Study study_of(StudySpec spec);

StudySpec spec_of(int trials, int parallel);

// On a batch system, jobs of one node-hour: two nodes for half an hour each.
StudySpec batch_spec(int trials, int parallel, std::optional<double> node_hours);

// History numbers of tests: the count of finished trials plus one.
Event event_of(const Study& study, Body body);

Changes happens(Study& study, Body body);

// What apply() says against the event; empty if it accepts it. The state may not change.
std::string objection(Study& study, Body body);
bool is_refused(Study& study, Body body);

void add_trials(Study& study, int count);
void start(Study& study, int trial);  // the trial's next attempt, as a job that runs

// A study whose first `running` trials have a job that runs.
Study study_with(StudySpec spec, int running);

Outcome completed(double value);
Outcome failed(FailureClass failure);
Outcome exited(int code);
Outcome lost();
Outcome cancelled();

Changes ends(Study& study, int trial, const Outcome& outcome);  // its latest attempt
void run_to_end(Study& study, const Outcome& outcome);          // a trial of its own

// The plan as words: Catch prints them, and a test compares them at a glance.
Lines due(const Study& study);

}  // namespace hpo::engine
