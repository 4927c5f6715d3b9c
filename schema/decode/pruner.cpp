// "pruner" and "fidelity": which trials end early, and between which steps. See sections.hpp.
#include <algorithm>
#include <array>
#include <cmath>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/placeholders.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"
#include "schema/pruner_list.hpp"
#include "schema/pruner_options.hpp"
#include "schema/rungs.hpp"
#include "schema/strategy_list.hpp"

namespace hpo::decode {
namespace {

constexpr auto pruners = [] {
  std::array<std::string_view, pruner_list.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = pruner_list[i].name;
  return names;
}();
constexpr std::array<std::string_view, 2> pruner_keys{"type", "options"};
constexpr std::array<std::string_view, 5> fidelity_keys{"name", "min", "max", "eta", "checkpoint"};
constexpr std::string_view fidelity_example =
    "write \"fidelity\": {\"name\": \"epochs\", \"min\": 1, \"max\": 81}";
constexpr Range<std::int64_t> steps_range{.low = 1, .high = fidelity_steps_max};
constexpr Range<double> eta_range{.low = 2.0, .high = fidelity_eta_max};

const PrunerText* find_pruner(std::string_view name) {
  for (const PrunerText& pruner : pruner_list) {
    if (pruner.name == name) return &pruner;
  }
  return nullptr;
}

bool needs_fidelity(const StrategySpec& strategy) {
  const auto found = std::ranges::find(strategy_list, strategy.type, &StrategyText::name);
  return found != strategy_list.end() && found->needs_fidelity;
}

// The first text that is filled in with how far a training goes.
std::optional<Cursor> find_last_step(const Cursor& root) {
  const auto space = root.find("space");
  if (space && space->find(fidelity_placeholder)) return std::nullopt;
  std::vector<Cursor> texts;
  if (const auto command = root.find("command")) texts = command->items();
  const auto result = root.find("result");
  if (const auto file = result ? result->find("file") : std::nullopt) texts.push_back(*file);
  const auto names_it = [](const Cursor& text) {
    return std::ranges::any_of(find_placeholders(text.node().string), [](const Placeholder& each) {
      return each.is_replaced && each.name == fidelity_placeholder;
    });
  };
  const auto found = std::ranges::find_if(texts, names_it);
  return found == texts.end() ? std::nullopt : std::optional(*found);
}

// What other tools take for "none".
bool is_off(const json::Node& node) {
  return node.kind == json::Kind::null || (node.kind == json::Kind::boolean && !node.boolean);
}

bool read_type(const Cursor& at, PrunerSpec& out) {
  if (is_off(at.node())) {
    at.add({.code = Code::wrong_type,
            .message = at.label() + " must be a pruner's name, not " +
                       std::string(kind_words(at.node())),
            .suggestion = "leave it out or write \"none\": then all trials train to their end"});
    return false;
  }
  if (at.node().kind != json::Kind::string) {
    add_wrong_type(at, "a pruner's name", "write \"median\"");
    return false;
  }
  if (find_pruner(at.node().string) != nullptr) {
    out.type = at.node().string;
    return true;
  }
  at.add(unknown_word(Section::pruner_type, "pruner", at.node().string, pruners));
  return false;
}

void need(const Cursor& at, std::string_view key, std::string_view advice,
          const std::vector<std::string_view>& meant) {
  if (at.find(key) || std::find(meant.begin(), meant.end(), key) != meant.end()) return;
  at.add({.code = Code::missing_key, .message = "the fidelity has no " + quoted(key),
          .suggestion = "add " + std::string(advice)});
}

void read_steps(const Cursor& at, FidelitySpec& out) {
  const auto min_at = at.find("min");
  const auto max_at = at.find("max");
  const auto min = min_at ? read_integer(*min_at, steps_range) : std::nullopt;
  const auto max = max_at ? read_integer(*max_at, steps_range) : std::nullopt;
  assign(min, out.min);
  assign(max, out.max);
  if (!min || !max || *min < *max) return;
  max_at->add({.code = Code::low_not_below_high,
               .message = "min is not below max: " + std::to_string(*min) + " and " +
                          std::to_string(*max),
               .suggestion = "give the steps of a whole training as \"max\""});
}

}  // namespace

void decode_pruner(const Cursor& at, PrunerSpec& out) {
  if (at.node().kind == json::Kind::string || is_off(at.node())) {
    read_type(at, out);
    return;
  }
  if (!expect_object(at, "write \"median\", or {\"type\": \"median\"}")) return;
  const auto meant = check_keys(at, Section::pruner, pruner_keys);
  const auto type = at.find("type");
  if (!type && meant.empty()) {
    at.add({.code = Code::missing_key, .message = "the pruner has no \"type\"",
            .suggestion = std::string("add \"type\": \"median\""),
            .note = "pruners: " + joined(pruners)});
  }
  const bool is_read = type && read_type(*type, out);
  const auto options = at.find("options");
  if (!options || !is_read) return;
  read_options(*options, {.kind = "pruner", .name = out.type,
                          .options = options_of(pruner_options(), out.type)}, out.options);
}

void decode_fidelity(const Cursor& at, std::optional<FidelitySpec>& out) {
  if (!expect_object(at, fidelity_example)) return;
  const auto meant = check_keys(at, Section::fidelity, fidelity_keys);
  need(at, "name", "\"name\": \"epochs\", what a training counts", meant);
  need(at, "min", "\"min\": 1, the steps before which no trial is judged", meant);
  need(at, "max", "\"max\": 81, the steps of a whole training", meant);
  FidelitySpec fidelity;
  if (const auto key = at.find("name")) assign(read_name(*key, NameKind::parameter), fidelity.name);
  read_steps(at, fidelity);
  if (const auto key = at.find("eta")) assign(read_number(*key, eta_range), fidelity.eta);
  if (const auto key = at.find("checkpoint")) assign(read_bool(*key), fidelity.checkpoint);
  out = std::move(fidelity);
}

void check_pruning(const Cursor& root, const StudySpec& spec) {
  const auto fidelity = root.find("fidelity");
  if (const auto name = fidelity ? fidelity->find("name") : std::nullopt) {
    const auto space = root.find("space");
    if (!spec.fidelity->name.empty() && space && space->find(spec.fidelity->name)) {
      name->add({.code = Code::reserved_name,
                 .message = "a parameter is called " + quoted(spec.fidelity->name) + " too",
                 .suggestion = "rename one of them"});
    }
  }
  if (const auto text = fidelity ? std::nullopt : find_last_step(root)) {
    text->add({.code = Code::unknown_placeholder,
               .message = "{fidelity_max} is the max of a \"fidelity\", and there is none",
               .suggestion = std::string(fidelity_example)});
  }
  const auto strategy = root.find("strategy");
  if (strategy && !fidelity && needs_fidelity(spec.strategy)) {
    strategy->add({.code = Code::pruner_without_fidelity,
                   .message = "the strategy " + quoted(spec.strategy.type) +
                              " needs a \"fidelity\"",
                   .suggestion = std::string(fidelity_example)});
  }
  const auto at = root.find("pruner");
  const PrunerText* pruner = at ? find_pruner(spec.pruner.type) : nullptr;
  if (pruner == nullptr || !pruner->needs_fidelity) return;
  if (!fidelity) {
    return at->add({.code = Code::pruner_without_fidelity,
                    .message = "the pruner " + quoted(spec.pruner.type) + " needs a \"fidelity\"",
                    .suggestion = std::string(fidelity_example)});
  }
  const auto type = spec.pruner.options.find("type");
  const bool pauses = type != spec.pruner.options.end() &&
                      type->second == ParamValue(std::string(halving_promotion));
  if (!pauses || !spec.fidelity || spec.fidelity->checkpoint) return;
  at->below("/options/type").add(
      {.code = Code::pruner_without_fidelity,
       .message = "a trial that pauses goes on from its checkpoint, but the fidelity has none",
       .suggestion = "add \"checkpoint\": true to \"fidelity\", or use \"type\": \"stopping\""});
}

namespace {

void warn_fidelity(const Cursor& at, const StudySpec& spec) {
  if (needs_fidelity(spec.strategy) || spec.strategy.type == "external") return;
  at.add_to_key({.code = Code::key_without_effect,
                 .message = "no pruner and no strategy of this study uses the fidelity",
                 .suggestion = "add \"pruner\": \"asha\", or remove it"});
}

// With one rung alone a trial is compared once, however long it trains.
void warn_rungs(const Cursor& at, const StudySpec& spec) {
  const PrunerText* pruner = find_pruner(spec.pruner.type);
  if (pruner == nullptr || !pruner->needs_fidelity) return;
  const FidelitySpec& fidelity = *spec.fidelity;
  if (rung_steps(fidelity).size() > 1) return;
  const auto next = std::llround(static_cast<double>(fidelity.min) * fidelity.eta);
  at.add_to_key({.code = Code::key_without_effect,
                 .message = "there is one rung: trials are compared at step " +
                            std::to_string(fidelity.min) + ", and the next one would be at " +
                            std::to_string(next) + ", not below the max of " +
                            std::to_string(fidelity.max),
                 .suggestion = "lower \"min\" or \"eta\", or raise \"max\""});
}

}  // namespace

void warn_pruning(const Cursor& root, const StudySpec& spec) {
  const auto fidelity = root.find("fidelity");
  if (!fidelity || !spec.fidelity || root.errors() > 0) return;
  if (root.find("pruner")) warn_rungs(*fidelity, spec);  // "none" is there to compare with
  else if (!find_last_step(root)) warn_fidelity(*fidelity, spec);
}

}  // namespace hpo::decode
