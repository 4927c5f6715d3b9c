// "options" of a strategy or a pruner, by its table. See sections.hpp.
#include <algorithm>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"
#include "schema/json/writer.hpp"

namespace hpo::decode {
namespace {

std::string text_of(const ParamValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  return json::Writer().value(value).text();
}

// "write one from 0 to 100, or leave it out to have 25"
std::string remedy_of(const Option& option) {
  const auto limit = [&](double number) {
    return option.kind == Option::Kind::integer ? std::to_string(static_cast<std::int64_t>(number))
                                                : json::number_text(number);
  };
  return "write one from " + limit(option.low) + " to " + limit(option.high) +
         ", or leave it out" +
         (option.fallback ? " to have " + text_of(*option.fallback) : "");
}

std::optional<ParamValue> read_option(const Cursor& at, const Option& option) {
  switch (option.kind) {
    case Option::Kind::number:
      if (const auto x = read_number(at, {.low = option.low, .high = option.high},
                                     remedy_of(option))) {
        return *x;
      }
      break;
    case Option::Kind::integer:
      if (const auto k = read_integer(at, {.low = static_cast<std::int64_t>(option.low),
                                           .high = static_cast<std::int64_t>(option.high)},
                                      remedy_of(option))) {
        return *k;
      }
      break;
    case Option::Kind::word:
      if (const auto word = read_word(at, option.words)) return std::string(*word);
      break;
  }
  return std::nullopt;
}

Finding unknown_option(const OptionOwner& owner, std::string_view name,
                       std::span<const std::string_view> known) {
  Finding finding{.code = Code::unknown_key,
                  .message = "the " + std::string(owner.kind) + " " + quoted(owner.name) +
                             " has no option " + quoted(name)};
  if (known.empty()) {
    finding.suggestion = "remove it; this " + std::string(owner.kind) + " has no options";
  } else {
    const std::string_view familiar = find_familiar(Section::option, name);
    const std::string_view near = nearest(name, {known.begin(), known.end()});
    finding.suggestion = !familiar.empty() ? familiar : near;
    if (finding.suggestion.empty()) finding.suggestion = "remove it, or write a known one";
    finding.note = "known options: " + joined(known);
  }
  return finding;
}

}  // namespace

void read_options(const Cursor& at, const OptionOwner& owner,
                  std::map<std::string, ParamValue>& out) {
  if (!expect_object(at)) return;
  std::vector<std::string_view> names;
  for (const Option& option : owner.options) names.push_back(option.name);
  for (const Cursor& member : at.members()) {
    const auto known = std::find(names.begin(), names.end(), member.key());
    if (known == names.end()) {
      member.add_to_key(unknown_option(owner, member.key(), names));
      continue;
    }
    const auto index = static_cast<std::size_t>(known - names.begin());
    if (auto value = read_option(member, owner.options[index])) {
      out[std::string(member.key())] = *std::move(value);
    }
  }
}

}  // namespace hpo::decode
