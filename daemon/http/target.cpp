// From bytes to segments; the only place that knows about escapes in paths.
#include "daemon/http/target.hpp"

namespace hpo::http {
namespace {

Error bad(std::string what, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(what), "the request's target",
          std::move(remedy)};
}

Result<void> check_segment(const std::string& segment) {
  if (segment.empty()) return bad("an empty path segment", "write single slashes, none at the end");
  if (segment == "." || segment == "..") return bad("a dot segment", "write the path without it");
  if (segment.find_first_of("/\\#?") != std::string::npos) {
    return bad("a separator inside a path segment", "names hold letters, digits and . _ - only");
  }
  return {};
}

// "jets:pause" -> "jets", verb "pause".
Result<void> split_verb(Target& target) {
  std::string& last = target.segments.back();
  const std::size_t colon = last.find(':');
  if (colon == std::string::npos) return {};
  target.verb = last.substr(colon + 1);
  last.resize(colon);
  if (target.verb.empty() || last.empty()) return bad("a colon without a verb", "drop the colon");
  return {};
}

}  // namespace

std::string Target::path() const {
  std::string path;
  for (const std::string& segment : segments) (path += '/') += segment;
  if (!verb.empty()) (path += ':') += verb;
  return path;
}

Result<Target> parse_target(std::string_view raw) {
  if (raw.empty() || raw.front() != '/') {
    return bad("the target does not begin with '/'", "ask for a path, as in GET /v1/studies");
  }
  if (raw.find('#') != std::string_view::npos) return bad("a '#'", "drop the fragment");
  Target target;
  const std::size_t question = raw.find('?');
  std::string_view path = raw.substr(0, question);
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t slash = path.find('/');
    auto segment = percent_decode(path.substr(0, slash));
    if (!segment) return segment.error();
    if (auto checked = check_segment(*segment); !checked) return checked.error();
    target.segments.push_back(std::move(*segment));
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
  }
  if (auto split = split_verb(target); !split) return split.error();
  if (question == std::string_view::npos) return target;
  auto query = Query::parse(raw.substr(question + 1));
  if (!query) return query.error();
  target.query = std::move(*query);
  return target;
}

}  // namespace hpo::http
