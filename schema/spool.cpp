// See spool.hpp.
#include "schema/spool.hpp"

#include <algorithm>
#include <charconv>

#include "schema/words.hpp"

namespace hpo {

template <>
inline constexpr auto words<SpoolVerb> = word_table("work", "study", "exchange");

namespace {

constexpr std::string_view mark = "hpo-spool 1 ";
constexpr std::size_t word_characters_max = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Written in one way only: no sign, no zero in front.
std::optional<std::int64_t> number_from(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (!is_whole || number < 1 || text.front() == '0') return std::nullopt;
  return number;
}

// The first line without its mark, and what follows it.
struct Halves {
  std::string_view head{};
  std::string_view body{};
};

std::optional<Halves> halves_of(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (!text.starts_with(mark) || end == std::string_view::npos) return std::nullopt;
  return Halves{.head = text.substr(mark.size(), end - mark.size()), .body = text.substr(end + 1)};
}

}  // namespace

bool is_spool_word(std::string_view text) {
  return !text.empty() && text.size() <= word_characters_max && is_letter_or_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
         });
}

std::string to_text(const SpoolName& name) {
  return name.worker + "." + std::to_string(name.number);
}

std::optional<SpoolName> spool_name(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || !is_spool_word(text.substr(0, dot))) return std::nullopt;
  const auto number = number_from(text.substr(dot + 1));
  if (!number) return std::nullopt;
  return SpoolName{.worker = std::string(text.substr(0, dot)), .number = *number};
}

std::string to_text(const SpoolRequest& request) {
  return std::string(mark) + std::string(word(request.verb)) + " " + request.study + "\n" +
         request.body;
}

std::optional<SpoolRequest> spool_request(std::string_view text) {
  const auto halves = halves_of(text);
  const std::size_t space = halves ? halves->head.find(' ') : std::string_view::npos;
  if (space == std::string_view::npos) return std::nullopt;
  const auto verb = from_word<SpoolVerb>(halves->head.substr(0, space));
  const std::string_view study = halves->head.substr(space + 1);
  if (!verb || !is_spool_word(study)) return std::nullopt;
  return SpoolRequest{.verb = *verb, .study = std::string(study),
                      .body = std::string(halves->body)};
}

std::string to_text(const SpoolAnswer& answer) {
  return std::string(mark) + std::to_string(answer.status) + "\n" + answer.body;
}

std::optional<SpoolAnswer> spool_answer(std::string_view text) {
  const auto halves = halves_of(text);
  const auto status = halves ? number_from(halves->head) : std::nullopt;
  if (!status || *status < 100 || *status > 999) return std::nullopt;
  return SpoolAnswer{.status = static_cast<int>(*status), .body = std::string(halves->body)};
}

}  // namespace hpo
