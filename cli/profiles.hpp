// The profiles that a study may name: of the same files as hpod reads, so that a mistake shows
// before anything is sent.
#pragma once

#include "cli/answer.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::cli {

// Of the site's hpod.json and the user's; a missing file has none. Failure: what is wrong in one,
// with its places.
Answer<Profiles> load_profiles();

}  // namespace hpo::cli
