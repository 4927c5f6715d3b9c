// The fast way into params text. For params.cpp alone.
#pragma once

#include <string_view>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo::codec {

// True: `text` is what params_to_json writes, and its values were appended. False: it may still
// be legal; values appended so far mean nothing.
bool scan_params(const SearchSpace& space, std::string_view text, std::vector<ParamValue>& out);

}  // namespace hpo::codec
