// Matching, and what to say when nothing matches.
#include "daemon/http/router.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace hpo::http {
namespace {

constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t number_digits_max = 9;
constexpr std::size_t near_max = 3;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::optional<int> trial_number(std::string_view text) {
  const bool is_canonical = text == "0" || (!text.empty() && text.front() != '0');
  if (!is_canonical || text.size() > number_digits_max) return std::nullopt;
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// The next segment of a pattern, and the pattern behind it.
std::string_view take_segment(std::string_view& pattern) {
  pattern.remove_prefix(1);
  const std::size_t slash = pattern.find('/');
  const std::string_view segment = pattern.substr(0, slash);
  pattern = slash == std::string_view::npos ? std::string_view{} : pattern.substr(slash);
  return segment;
}

std::string_view take_verb(std::string_view& pattern) {
  const std::size_t colon = pattern.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view verb = pattern.substr(colon + 1);
  pattern = pattern.substr(0, colon);
  return verb;
}

// Fits the pattern, ids aside; what stands in their places goes to Ids.
struct Ids {
  const std::string* name = nullptr;
  const std::string* worker = nullptr;
  const std::string* number = nullptr;
};
std::optional<Ids> fit(std::string_view pattern, const Target& target) {
  if (take_verb(pattern) != target.verb) return std::nullopt;
  Ids ids;
  std::size_t at = 0;
  for (; !pattern.empty(); ++at) {
    const std::string_view segment = take_segment(pattern);
    if (at == target.segments.size()) return std::nullopt;
    if (segment == "{name}") ids.name = &target.segments[at];
    else if (segment == "{worker}") ids.worker = &target.segments[at];
    else if (segment == "{n}") ids.number = &target.segments[at];
    else if (segment != target.segments[at]) return std::nullopt;
  }
  if (at != target.segments.size()) return std::nullopt;
  return ids;
}

NoMatch no_name(const std::string& what, const std::string& name) {
  return {.error = {ErrorCode::not_found, "no " + what + " can be called \"" + name + "\"",
                    "the request's path", std::string(name_rule)}};
}

std::variant<Match, NoMatch> with_ids(const Route& route, const Ids& ids) {
  Match found{.route = &route};
  if (ids.name != nullptr) {
    if (!is_study_name(*ids.name)) return no_name("study", *ids.name);
    found.study = *ids.name;
  }
  if (ids.worker != nullptr) {
    if (!is_study_name(*ids.worker)) return no_name("worker", *ids.worker);
    found.worker = *ids.worker;
  }
  if (ids.number != nullptr) {
    const auto number = trial_number(*ids.number);
    if (!number) {
      return NoMatch{.error = {ErrorCode::not_found, "\"" + *ids.number + "\" is no trial number",
                               "the request's path", "trial numbers are 0, 1, 2, …"}};
    }
    found.trial = *number;
  }
  return found;
}

// The common beginning, in thousandths of the longer one.
std::size_t likeness(std::string_view a, std::string_view b) {
  const std::size_t length = std::min(a.size(), b.size());
  std::size_t i = 0;
  while (i < length && a[i] == b[i]) ++i;
  return i * 1000 / std::max(a.size(), b.size());
}

// The pattern with the request's own ids in it, so that it can be compared letter by letter.
std::string filled(std::string_view pattern, const Target& target) {
  const std::string_view whole = pattern;
  take_verb(pattern);
  const std::string_view verb = whole.substr(pattern.size());
  std::string text;
  for (std::size_t at = 0; !pattern.empty(); ++at) {
    const std::string_view segment = take_segment(pattern);
    const bool is_id = segment.front() == '{' && at < target.segments.size();
    (text += '/') += is_id ? std::string_view(target.segments[at]) : segment;
  }
  return text.append(verb);
}

std::string near_routes(const std::vector<Route>& routes, const Target& target) {
  const std::string path = target.path();
  const std::string versioned = "/v1" + path;  // often forgotten
  std::vector<std::pair<std::size_t, const Route*>> ranked;
  for (const Route& route : routes) {
    const std::string text = filled(route.pattern, target);
    ranked.emplace_back(std::max(likeness(text, path), likeness(text, versioned)), &route);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string list;
  for (std::size_t i = 0; i < std::min(near_max, ranked.size()); ++i) {
    const Route& route = *ranked[i].second;
    if (!list.empty()) list += ", ";
    list.append(method_name(route.method)).append(" ").append(route.pattern);
  }
  return list;
}

}  // namespace

bool is_study_name(std::string_view text) {
  if (text.empty() || text.size() > name_bytes_max || !is_letter_or_digit(text.front())) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
  });
}

std::string_view method_name(Method method) { return method == Method::get ? "GET" : "POST"; }

std::variant<Match, NoMatch> match(const std::vector<Route>& routes, Method method,
                                   const Target& target) {
  std::string allow;
  for (const Route& route : routes) {
    const auto ids = fit(route.pattern, target);
    if (!ids) continue;
    if (route.method == method) return with_ids(route, *ids);
    if (!allow.empty()) allow += ", ";
    allow += method_name(route.method);
  }
  if (!allow.empty()) {
    return NoMatch{.status = 405, .allow = allow,
                   .error = {ErrorCode::invalid_argument, "this path does not know the method",
                             target.path(), "use " + allow}};
  }
  return NoMatch{.error = {ErrorCode::not_found, "there is no such route", target.path(),
                           "near: " + near_routes(routes, target)}};
}

}  // namespace hpo::http
