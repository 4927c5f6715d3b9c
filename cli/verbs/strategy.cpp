// hpo strategy list | show NAME: what "strategy" of a study may be. No daemon is asked.
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/automatic.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"
#include "schema/strategy_list.hpp"
#include "schema/strategy_options.hpp"

namespace hpo::cli {
namespace {

using Kind = Option::Kind;

std::string kind_text(const Option& option) {
  if (option.kind == Kind::word) return "word";
  return option.kind == Kind::integer ? "integer" : "number";
}

std::string range_text(const Option& option) {
  std::string text;
  for (const std::string_view word : option.words) {
    text += (text.empty() ? "" : ", ") + std::string(word);
  }
  if (option.kind == Kind::word) return text;
  const auto bound = [&](double value) {
    return option.kind == Kind::integer ? std::to_string(static_cast<std::int64_t>(value))
                                        : json::number_text(value);
  };
  return bound(option.low) + " to " + bound(option.high);
}

std::string default_text(const Option& option) {
  if (!option.fallback) return "-";
  if (const auto* word = std::get_if<std::string>(&*option.fallback)) return *word;
  return json::Writer().value(*option.fallback).text();
}

std::string names_of_options(std::string_view strategy) {
  std::string names;
  for (const Option& option : options_of(strategy)) {
    names += (names.empty() ? "" : ", ") + std::string(option.name);
  }
  return names.empty() ? "-" : names;
}

void write_strategy(json::Writer& writer, const StrategyText& strategy) {
  writer.object().member("name", strategy.name).member("summary", strategy.summary);
  writer.member("source", strategy.source).key("options").array();
  for (const Option& option : options_of(strategy.name)) {
    writer.object().member("name", option.name).member("type", kind_text(option));
    writer.member("range", range_text(option)).key("default");
    if (option.fallback) writer.value(*option.fallback);
    else writer.null();
    writer.member("meaning", option.meaning).member("source", option.source).end();
  }
  writer.end();
  if (strategy.name == "auto") {
    writer.key("rules").array();
    for (const AutoRule& rule : auto_rules()) {
      writer.object().member("when", rule.when).member("strategy", rule.strategy);
      writer.member("because", rule.because).end();
    }
    writer.end();
  }
  writer.end();
}

ExitCode list(bool as_json, const Context& context) {
  if (as_json) {
    json::Writer writer;
    writer.object().key("strategies").array();
    for (const StrategyText& each : strategy_list) write_strategy(writer, each);
    print_line(writer.end().end().text());
    return ExitCode::ok;
  }
  Table table;
  for (const char* name : {"STRATEGY", "WHAT IT DOES", "OPTIONS"}) table.column(name);
  for (const StrategyText& each : strategy_list) {
    table.row({{.text = std::string(each.name), .style = Style::bold},
               {.text = std::string(each.summary)}, {.text = names_of_options(each.name)}});
  }
  print(table.render(context.terminal));
  return ExitCode::ok;
}

const StrategyText* find(std::string_view name) {
  for (const StrategyText& each : strategy_list) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

ExitCode no_such_strategy(const std::string& name, const Context& context) {
  std::vector<std::string_view> known;
  for (const StrategyText& each : strategy_list) known.push_back(each.name);
  const std::string_view near = nearest(name, known);
  std::string list;
  for (const std::string_view each : known) list += (list.empty() ? "" : ", ") + std::string(each);
  return tell({.exit_code = ExitCode::not_found,
               .error = {.code = ErrorCode::not_found,
                         .what = "there is no strategy \"" + name + "\"; " +
                                 (near.empty() ? "there are " + list : did_you_mean(near)),
                         .where = {},
                         .remedy = near.empty() ? "hpo strategy list"
                                                : "hpo strategy show " + std::string(near)},
               .details = {}},
              context.terminal);
}

// It has keys instead of options: what is in "options" is the program's own.
constexpr std::string_view external_keys =
    "\n  \"strategy\": {\"type\": \"external\", \"command\": [\"python3\", "
    "\"my_strategy.py\"]}\n\n"
    "  command   the program and its arguments; it starts in the study's workdir\n"
    "  options   any object of JSON: handed to the program\n"
    "  time      limit of one reply; default 60s, from 1s to 1h\n"
    "  memory    limit of what each of its processes writes to; default 4G\n\n"
    "What it is told and what it may answer: examples/strategies/protocol.md.\n"
    "hpo strategy test PROGRAM [ARGS…] looks whether a program keeps to it.\n";

void print_rules(const Terminal& terminal) {
  Table table;
  for (const char* name : {"FIRST THAT IS SO", "STRATEGY", "BECAUSE"}) table.column(name);
  for (const AutoRule& rule : auto_rules()) {
    table.row({{.text = std::string(rule.when)},
               {.text = std::string(rule.strategy), .style = Style::bold},
               {.text = std::string(rule.because)}});
  }
  print("\n" + table.render(terminal));
}

void print_strategy(const StrategyText& strategy, const Terminal& terminal) {
  print_line(styled(std::string(strategy.name), Style::bold, terminal.has_color) + ": " +
             std::string(strategy.summary));
  if (!strategy.source.empty()) print_line("source: " + std::string(strategy.source));
  if (strategy.name == "external") print(std::string(external_keys));
  if (strategy.name == "auto") return print_rules(terminal);
  if (options_of(strategy.name).empty()) return;
  Table table;
  for (const char* name : {"OPTION", "TYPE", "RANGE", "DEFAULT", "MEANING", "SOURCE"}) {
    table.column(name);
  }
  for (const Option& option : options_of(strategy.name)) {
    table.row({{.text = std::string(option.name), .style = Style::bold},
               {.text = kind_text(option)}, {.text = range_text(option)},
               {.text = default_text(option)}, {.text = std::string(option.meaning)},
               {.text = std::string(option.source)}});
  }
  print("\n" + table.render(terminal));
}

}  // namespace

ExitCode list_strategies(Arguments& arguments, const Context& context) {
  bool as_json = false;
  arguments.json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  return list(as_json, context);
}

ExitCode show_strategy(Arguments& arguments, const Context& context) {
  std::string name;
  bool as_json = false;
  arguments.positional("NAME", name, "as in \"strategy\" of a study").json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const StrategyText* strategy = find(name);
  if (strategy == nullptr) return no_such_strategy(name, context);
  if (!as_json) {
    print_strategy(*strategy, context.terminal);
    return ExitCode::ok;
  }
  json::Writer writer;
  write_strategy(writer, *strategy);
  print_line(writer.text());
  return ExitCode::ok;
}

}  // namespace hpo::cli
