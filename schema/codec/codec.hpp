// Values <-> JSON text: the one translation of each noun, used by database, files and REST alike.
//
// to_json writes on one line. from_json is for text of our own and refuses what it does not know
// how to read (Error: corrupt, with `where`); user text goes through schema/decode instead.
#pragma once

#include <string>
#include <string_view>

#include "schema/attempt_spec.hpp"
#include "schema/event.hpp"
#include "schema/json/node.hpp"
#include "schema/outcome.hpp"
#include "schema/search_space.hpp"

namespace hpo {

// {"width": 64, "align": "none"}: in the space's order, fixed parameters included; what has no
// value in this trial is absent.
std::string params_to_json(const SearchSpace& space, const Values& values);
Result<Values> params_from_json(const SearchSpace& space, std::string_view text);
// Of 10⁶ trials a second each: the same, appended to a flat list without a tree.
Result<void> append_params(const SearchSpace& space, std::string_view text,
                           std::vector<ParamValue>& out);

// User-given params for one trial, as REST and `initial` have them: a missing name takes its
// default; an unknown name, a value outside its domain, one for a parameter whose conditions do not
// hold, a name without value and default, or a violated constraint is an Error whose `where` is the
// JSON pointer inside the object.
Result<Values> params_from_node(const SearchSpace& space, const json::Node& object);
// The same for one value.
Result<ParamValue> param_from_node(const Parameter& parameter, const json::Node& node);

std::string outcome_to_json(const Outcome& outcome);
Result<Outcome> outcome_from_json(std::string_view text);

std::string attempt_spec_to_json(const AttemptSpec& spec);
Result<AttemptSpec> attempt_spec_from_json(std::string_view text);

// The body alone: {"trial": 3, "attempt": 1, …}; kind, time and seq are columns of their own.
// A fold over stored events equals the tables, so nothing that apply() needs may be left out.
std::string event_to_json(const Event& event, const SearchSpace& space);
Result<Event> event_from_json(std::string_view kind, std::string_view text,
                              const SearchSpace& space);

// The effective study, with every default filled in; decode_study reads it back equal.
std::string study_to_json(const StudySpec& spec);

// "2026-11-21T11:30:00.123Z"; "" for 0.
std::string utc_text(std::int64_t ns);

}  // namespace hpo
