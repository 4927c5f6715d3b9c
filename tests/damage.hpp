// Random damage to a text, for tests of what reads it.
#pragma once

#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace hpo::test {

// One to four edits: a piece in place of a character or before it, a part taken out or repeated.
inline std::string damage(std::string text, std::span<const std::string_view> pieces,
                          std::mt19937& random) {
  for (std::size_t edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
    const std::size_t at = random() % text.size();
    const std::string piece(pieces[random() % pieces.size()]);
    switch (random() % 4) {
      case 0: text.replace(at, 1, piece); break;
      case 1: text.insert(at, piece); break;
      case 2: text.erase(at, 1 + random() % 8); break;
      default: text.insert(at, text.substr(random() % text.size(), random() % 12)); break;
    }
  }
  return text;
}

}  // namespace hpo::test
