// Small studies for the decoder's tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/decode/decode.hpp"

namespace hpo::test {

// {"name": …, "space": …, "objective": …, "command": …, EXTRA}; the first key of `extra`
// replaces ours.
std::string study(std::string_view extra = {});

// One parameter called "p": space_of(R"("float": [0, 1])").
std::string space_of(std::string_view parameter);

// The codes without "HPO-", in the order of the text.
std::vector<std::string> codes(const DecodedStudy& decoded);
std::vector<std::string> codes(std::string_view text);

using Codes = std::vector<std::string>;
inline const Codes none{};

}  // namespace hpo::test
