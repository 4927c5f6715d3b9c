// What would fail on every node, looked at where `hpo submit` runs: a study's secrets, whether its
// shell lines are shell, the program of an external strategy. Nothing of it is carried out. Main
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/answer.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

// The first of its faults in full, the others one a line. nullopt: none was found.
std::optional<Failure> preflight_refusal(const StudySpec& spec);

// nullopt: it is there, no program is needed, or the study does not say yet where it would start.
std::optional<Error> strategy_problem(const StudySpec& spec);

// Why trials will not start: no workdir, no program. It may be there when they do, and each says it
// again: to be warned of. Of a batch system only what has a path is looked for, and said to be
// missing "here": its nodes may see more than this one. "": it is there, or a container has it.
// REQUIRES: spec as submitted, with its workdir and PATH
std::string command_problem(const StudySpec& spec);

// More trainings side by side than a local study's node, of so many cores, carries out at full
// speed: to be warned of, as those that wait for something else may well. "": it has no more. Pure.
std::string slots_problem(const StudySpec& spec, int cores);
int cores_here();  // that this process may use; 0: unknown

// What `bash -n` has against the lines of "setup". nullopt: nothing; or there is no bash here, it
// takes too long, or the lines are too long to be handed to it.
std::optional<Error> setup_problem(const std::string& setup);

// Of bash's complaint about "-c"; nullopt if it names no line. Pure.
std::optional<Error> syntax_problem(std::string_view complaint, const std::string& setup);

}  // namespace hpo::cli
