// The query of a URL, decoded: few keys, each known to its route and given once. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/result.hpp"

namespace hpo::http {

struct IntRange {
  std::int64_t fallback = 0;
  std::int64_t min = 0;
  std::int64_t max = 0;
};

class Query {
 public:
  static constexpr std::size_t keys_max = 16;

  // "limit=100&state=failed". A '+' is a plus. Error: bad escape, key given twice, too many.
  static Result<Query> parse(std::string_view text);

  const std::string* find(std::string_view key) const;
  std::string text(std::string_view key) const;  // "" if it is not given
  Result<std::int64_t> integer(std::string_view key, const IntRange& range) const;

  // Error if there is a key that is none of `known`, with the nearest one as remedy.
  Result<void> only(const std::vector<std::string_view>& known) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_{};
};

// Replaces %41 by A. Error: a '%' without two hexadecimal digits, or a control character.
Result<std::string> percent_decode(std::string_view text);

}  // namespace hpo::http
