// See keys.hpp.
#include "schema/decode/keys.hpp"

#include <algorithm>

#include "schema/decode/display.hpp"
#include "schema/decode/read.hpp"

namespace hpo::decode {
namespace {

bool is_known(std::string_view word, std::span<const std::string_view> known) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

bool is_note(const Cursor& object, std::string_view key) {
  return object.pointer().empty() && key.starts_with("x-");
}

std::string_view nearest_of(std::string_view word, std::span<const std::string_view> known) {
  return nearest(word, {known.begin(), known.end()});
}

Finding unknown_key(Section section, std::string_view key, std::string_view near,
                    std::span<const std::string_view> known) {
  const std::string_view familiar = find_familiar(section, key);
  return {.code = Code::unknown_key,
          .message = "unknown key " + quoted(key),
          .suggestion = std::string(familiar.empty() ? near : familiar),
          .note = "known keys: " + joined(known)};
}

}  // namespace

std::vector<std::string_view> check_keys(const Cursor& object, Section section,
                                         std::span<const std::string_view> known,
                                         std::span<const std::string_view> elsewhere) {
  std::vector<std::string_view> meant;
  for (const Cursor& member : object.members()) {
    const std::string_view key = member.key();
    if (is_known(key, known) || is_known(key, elsewhere) || is_note(object, key)) continue;
    if (meant.size() >= DecodeOptions::problems_max) {
      member.add_to_key({.code = Code::unknown_key});  // counted, never shown: as many come before
    } else if (const auto later = find_later(section, key)) {
      member.add_to_key(not_available(*later, key));
    } else {
      meant.push_back(nearest_of(key, known));
      member.add_to_key(unknown_key(section, key, meant.back(), known));
    }
  }
  return meant;
}

Finding unknown_word(Section section, std::string_view what, std::string_view word,
                     std::span<const std::string_view> known) {
  if (const auto later = find_later(section, word)) return not_available(*later, word);
  const std::string_view familiar = find_familiar(section, word);
  return {.code = Code::unknown_word,
          .message = "unknown " + std::string(what) + " " + quoted(word),
          .suggestion = std::string(familiar.empty() ? nearest_of(word, known) : familiar),
          .note = "known: " + joined(known)};
}

}  // namespace hpo::decode
