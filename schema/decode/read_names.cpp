// Names: what a study, a metric, a parameter or a variable may be called. See read.hpp.
//
// Names become directories, variables and options of a scheduler's commands, so only harmless
// letters pass, and none begins like an option.
#include <algorithm>

#include "schema/decode/display.hpp"
#include "schema/decode/read.hpp"

namespace hpo::decode {
namespace {

struct NameRule {
  std::string_view what{};
  std::string_view first{};   // beyond ASCII letters
  std::string_view others{};  // beyond ASCII letters and digits
  std::size_t characters_max = 64;
  std::string_view words{};
};

constexpr std::string_view digits = "0123456789";
constexpr std::string_view ident_words =
    "use letters, digits, '.', '_' and '-', the first one a letter or digit, 64 at most";

constexpr std::string_view word_starts = "0123456789_";
constexpr std::string_view batch_letters = "_.@+:,-";
constexpr std::string_view batch_words =
    "use letters, digits and _ . @ + : , -, the first one a letter, digit or '_', 256 at most";

// Names of sites, which become options of the scheduler's commands.
NameRule batch_rule(NameKind kind) {
  switch (kind) {
    case NameKind::account: return {"an account", word_starts, batch_letters, 256, batch_words};
    case NameKind::partition: return {"a partition", word_starts, batch_letters, 256, batch_words};
    case NameKind::qos: return {"a QOS", word_starts, batch_letters, 256, batch_words};
    case NameKind::licenses:
      return {"a list of licenses", word_starts, "_.@+:,/|-", 256,
              "write them as in \"scratch,cfs\" or \"matlab:2\", 256 characters at most"};
    case NameKind::constraint:
      return {"a constraint", "0123456789_([!", "_.@+:,=*&|()[]!-", 256,
              "write it as in \"gpu&hbm80g\" or \"[rack1|rack2]\", 256 characters at most"};
    default: return {"a reservation", word_starts, batch_letters, 256, batch_words};
  }
}

NameRule rule_of(NameKind kind) {
  switch (kind) {
    case NameKind::study: return {"a study name", digits, "._-", 64, ident_words};
    case NameKind::metric: return {"a metric name", digits, "._-", 64, ident_words};
    case NameKind::profile: return {"a profile's name", digits, "._-", 64, ident_words};
    case NameKind::tag: return {"a tag", digits, "._-", 64, ident_words};
    case NameKind::parameter:
      return {"a parameter name", "_", "._-", 64,
              "use letters, digits, '_', '.' and '-', the first one a letter or '_', 64 at most"};
    case NameKind::variable:
      return {"a variable name", "_", "_", 128,
              "use letters, digits and '_', the first one a letter or '_', 128 at most"};
    case NameKind::module:
      return {"a module's name", "0123456789._/+:", "._/+:-", 128,
              "write it as `module load` takes it, as in \"python/3.11\", 128 letters at most"};
    case NameKind::conda:
      return {"a conda environment", word_starts, "_.+-", 128,
              "write its name, as in \"ml-2026\", or its absolute path"};
    default: return batch_rule(kind);
  }
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_in(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

bool is_name(std::string_view text, const NameRule& rule) {
  if (text.empty() || text.size() > rule.characters_max) return false;
  if (!is_letter(text.front()) && !is_in(text.front(), rule.first)) return false;
  return std::all_of(text.begin(), text.end(), [&rule](char c) {
    return is_letter(c) || is_in(c, digits) || is_in(c, rule.others);
  });
}

Finding bad_name(std::string_view text, const NameRule& rule) {
  return {.code = Code::bad_name,
          .message = quoted(text) + " is not " + std::string(rule.what),
          .suggestion = std::string(rule.words)};
}

}  // namespace

std::optional<std::string> read_name(const Cursor& at, NameKind kind) {
  if (at.node().kind != json::Kind::string) {
    add_wrong_type(at, "a string");
    return std::nullopt;
  }
  const NameRule rule = rule_of(kind);
  if (is_name(at.node().string, rule)) return at.node().string;
  at.add(bad_name(at.node().string, rule));
  return std::nullopt;
}

bool check_key_name(const Cursor& member, NameKind kind) {
  const NameRule rule = rule_of(kind);
  if (is_name(member.key(), rule)) return true;
  member.add_to_key(bad_name(member.key(), rule));
  return false;
}

std::map<std::string, std::string> read_variables(const Cursor& at, VariableLimits limits) {
  std::map<std::string, std::string> variables;
  if (!expect_object(at, "write {\"NAME\": \"value\"}")) return variables;
  if (at.node().members.size() > limits.count) {
    at.add({.code = Code::bad_length,
            .message = at.label() + " has " + std::to_string(at.node().members.size()) +
                       " members, but takes 0 to " + std::to_string(limits.count)});
    return variables;
  }
  for (const Cursor& member : at.members()) {
    const bool is_legal = check_key_name(member, NameKind::variable);
    auto text = read_text(member, {.low = 0, .high = limits.characters});
    if (is_legal && text) variables.emplace(member.key(), *std::move(text));
  }
  return variables;
}

}  // namespace hpo::decode
