// See result_reading.hpp.
#include "executors/runner/result_reading.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "executors/runner/text.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t name_bytes_shown = 64;
constexpr std::size_t names_shown = 20;
constexpr std::size_t message_bytes_max = 2000;
constexpr std::array statuses = {OutcomeStatus::completed, OutcomeStatus::pruned,
                                 OutcomeStatus::infeasible, OutcomeStatus::failed};

ResultReading bad(const std::string& source, const std::string& problem) {
  ResultReading reading;
  reading.failure = FailureClass::bad_result;
  reading.problem = source + ": " + problem;
  return reading;
}

std::string quoted(std::string_view name) {
  std::string text = "'";
  return text.append(excerpt(name, name_bytes_shown)).append("'");
}

std::string place_of(std::string_view text, const json::Position& at) {
  const std::string_view before = text.substr(0, at.offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = before.size() - (newline == std::string_view::npos ? 0 : newline + 1);
  return "line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

std::string json_problem(std::string_view text, const json::ParseProblem& problem,
                         bool is_printed) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return is_printed ? "it is empty; print the JSON object behind it, on the same line"
                      : "it is empty; write the result under another name and rename it";
  }
  return "no valid JSON at " + place_of(text, problem.at) + ": " + problem.message +
         (is_printed ? "; print the whole line at once, its object as json.dumps() writes it"
                     : "; if it is cut off, write it under another name and rename it");
}

std::string keys_of(const json::Node& values) {
  std::string list;
  for (std::size_t i = 0; i < values.members.size() && i < names_shown; ++i) {
    list += (i == 0 ? "" : ", ") + quoted(values.members[i].key);
  }
  if (values.members.size() > names_shown) list += ", …";
  return list.empty() ? "it has no keys" : "it has " + list;
}

std::string missing(const json::Node& values, const std::string& metric) {
  std::vector<std::string_view> known;
  for (const json::Member& member : values.members) known.push_back(member.key);
  const std::string_view near = nearest(metric, known);
  std::string text = "the objective " + quoted(metric) + " is missing; ";
  if (near.empty()) {
    text += keys_of(values) + ".";
  } else {
    if (known.size() > 1) text += keys_of(values) + "; ";  // else the nearest is all that it has
    text += did_you_mean(near);
  }
  return text + " Write {\"" + metric + "\": <number>}, or name another \"objective\"";
}

std::string wrong_type(const json::Node& value, const std::string& metric) {
  if (value.kind == json::Kind::string) {
    return "the objective " + quoted(metric) + " is a string, \"" +
           excerpt(value.string, name_bytes_shown) +
           "\"; write a number, without quotes";
  }
  const bool is_list = value.kind == json::Kind::array || value.kind == json::Kind::object;
  const std::string kind = is_list ? "a list or an object"
                                   : value.kind == json::Kind::null ? "null" : "true or false";
  return "the objective " + quoted(metric) + " is " + kind + "; write a number";
}

// Status and message; false: the status is none of ours, and the reading says so.
bool take_status(const json::Node& root, const std::string& source, ResultReading& reading) {
  const json::Node* message = root.find("message");
  if (message && message->kind == json::Kind::string) {
    reading.message = excerpt(message->string, message_bytes_max);
  }
  const json::Node* status = root.find("status");
  if (!status || status->kind != json::Kind::string) return true;
  for (const OutcomeStatus known : statuses) {
    if (word(known) != status->string) continue;
    reading.status = known;
    return true;
  }
  reading = bad(source, "unknown status " + quoted(status->string) +
                            "; use completed, pruned, infeasible or failed");
  return false;
}

void take_metrics(const json::Node& values, const std::string& metric, ResultReading& reading) {
  for (const json::Member& member : values.members) {
    if (!member.value.is_number() || !std::isfinite(member.value.number)) continue;
    if (member.key == metric) {
      reading.value = member.value.number;
    } else {
      reading.metrics[member.key] = member.value.number;
    }
  }
}

void judge(const json::Node& values, const std::string& metric, const std::string& source,
           ResultReading& reading) {
  const json::Node* value = values.find(metric);
  if (value && value->is_number() && !std::isfinite(value->number)) {
    const std::string kind = std::isnan(value->number) ? "NaN" : "infinite";
    reading.failure = FailureClass::non_finite;
    reading.problem = source + ": the objective " + quoted(metric) + " is " + kind +
                      "; look for a diverging training, or end with exit code 3 if these params "
                      "are infeasible";
    return;
  }
  if (reading.value) return;
  reading.failure = FailureClass::bad_result;
  reading.problem = source + ": " + (value ? wrong_type(*value, metric) : missing(values, metric));
}

}  // namespace

ResultReading read_result_text(std::string_view text, const std::string& metric,
                               const std::string& source, std::size_t bytes_max) {
  json::ParseOptions options;
  options.bytes_max = bytes_max;
  options.non_finite = true;
  const json::Parsed parsed = json::parse(text, options);
  if (!parsed.problems.empty()) {
    return bad(source, json_problem(text, parsed.problems.front(), source == printed_result));
  }
  if (parsed.root.kind != json::Kind::object) {
    return bad(source, "it is no JSON object; write {\"" + metric + "\": <number>}");
  }
  const json::Node* nested = parsed.root.find("values");
  const bool is_nested = nested && nested->kind == json::Kind::object;
  const json::Node& values = is_nested ? *nested : parsed.root;
  if (values.members.size() > metrics_max) {
    return bad(source, "it has " + std::to_string(values.members.size()) +
                           " entries; the limit is " + std::to_string(metrics_max));
  }
  ResultReading reading;
  if (!take_status(parsed.root, source, reading)) return reading;
  take_metrics(values, metric, reading);
  if (reading.status == OutcomeStatus::completed) judge(values, metric, source, reading);
  return reading;
}

}  // namespace hpo::runner
