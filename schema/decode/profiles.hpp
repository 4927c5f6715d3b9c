// Profiles in a study: "executor": "NAME" becomes the executor that hpod.json has under this name.
//
// Done on the tree, before any of it is decoded: what comes from a profile stands where the study
// names it, so a complaint about it shows there. For decode/ alone. One thread.
#pragma once

#include <optional>

#include "schema/decode/problems.hpp"
#include "schema/json/node.hpp"

namespace hpo::decode {

// Replaces the name by what it stands for; single values of the study go before those of the
// profile. A name that is not known is a problem, and stays.
void apply_profile(json::Node& study, const Profiles& profiles, Problems& problems);

// Where the executor's value names a profile; nullptr if it names none.
const json::Node* profile_name(const json::Node& executor);

}  // namespace hpo::decode
