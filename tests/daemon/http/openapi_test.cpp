// schema/openapi.yaml against the route table and the answers, so that it cannot drift.
//
// The file is laid out strictly (two blanks a level), so lines suffice to read it.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "daemon/http/routes.hpp"
#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

std::vector<std::string> openapi_lines() {
  const char* source = std::getenv("HPO_SOURCE");
  std::ifstream file(std::string(source == nullptr ? "." : source) + "/schema/openapi.yaml");
  REQUIRE(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::size_t indent_of(const std::string& line) { return line.find_first_not_of(' '); }

// The lines of all operations, each with the route that it belongs to, as "GET /v1/studies".
template <class Take>
void for_each_operation_line(const Take& take) {
  std::string path;
  std::string route;
  for (const std::string& line : openapi_lines()) {
    if (line == "components:") return;
    if (indent_of(line) == 2 && line[2] == '/') path = line.substr(2, line.size() - 3);
    if (line == "    get:") route = "GET " + path;
    if (line == "    post:") route = "POST " + path;
    if (!route.empty()) take(route, line);
  }
}

// "GET /v1/studies" -> the query parameters that are written out or referred to.
std::map<std::string, std::set<std::string>> described_routes() {
  std::map<std::string, std::set<std::string>> found;
  std::string parameter;
  for_each_operation_line([&](const std::string& route, const std::string& line) {
    found[route];  // one without any is a route, too
    const std::string name_mark = "        - name: ";
    if (line.rfind(name_mark, 0) == 0) parameter = line.substr(name_mark.size());
    if (line == "          in: query") found[route].insert(parameter);
    for (const std::string shared : {"limit", "cursor"}) {
      if (line == "        - $ref: '#/components/parameters/" + shared + "'") {
        found[route].insert(shared);
      }
    }
  });
  return found;
}

using Names = std::set<std::string>;

// The words of the first list that begins with `mark`, in the lines that follow `begin`, up to one
// that `is_end`.
template <class IsEnd>
Names listed(const std::string& begin, const std::string& mark, const IsEnd& is_end) {
  Names names;
  bool is_inside = false;
  bool is_list = false;
  for (const std::string& line : openapi_lines()) {
    if (line == begin) is_inside = true;
    else if (is_inside && is_end(line)) is_inside = false;
    if (!is_inside) continue;
    if (line.find(mark) != line.npos) is_list = true;
    if (!is_list) continue;
    std::string word;
    for (const char c : line.substr(line.find('[') == line.npos ? 0 : line.find('[') + 1)) {
      if (std::isalpha(static_cast<unsigned char>(c)) || c == '_') word += c;
      else if (!word.empty()) names.insert(std::exchange(word, ""));
    }
    if (line.find(']') != line.npos) return names;
  }
  return names;
}

// The `required` members of a schema or an answer under components.
Names required_of(const std::string& name) {
  return listed("    " + name + ":", "required: [",
                [](const std::string& line) { return indent_of(line) == 4; });
}

// Likewise of an answer that is written out where its operation is.
Names required_in(const std::string& operation) {
  return listed("      operationId: " + operation, " required: [",
                [](const std::string& line) { return indent_of(line) <= 4; });
}

Names both(Names left, const Names& right) {
  left.insert(right.begin(), right.end());
  return left;
}

// "GET /readyz" -> {200, 503}: the statuses that are written out.
std::map<std::string, std::set<int>> described_statuses() {
  std::map<std::string, std::set<int>> found;
  for_each_operation_line([&](const std::string& route, const std::string& line) {
    if (line.rfind("        '", 0) == 0) found[route].insert(std::stoi(line.substr(9)));
  });
  return found;
}

Names keys_of(const json::Node& node) {
  Names keys;
  for (const auto& member : node.members) keys.insert(member.key);
  return keys;
}

}  // namespace

TEST_CASE("openapi.yaml describes the routes of the table, and no others", "[http]") {
  std::map<std::string, std::set<std::string>> table;
  for (const Route& route : routes()) {
    auto& query = table[std::string(method_name(route.method)) + " " + std::string(route.pattern)];
    for (const std::string_view key : route.query) query.emplace(key);
  }
  CHECK(described_routes() == table);
}

TEST_CASE("openapi.yaml says of which operations tokens are good", "[http]") {
  Names described;
  for_each_operation_line([&](const std::string& route, const std::string& line) {
    if (line == "      security: [{}, {worker_token: []}]") described.insert(route);
  });
  Names table;
  for (const Route& route : routes()) {
    if (route.reach != Reach::worker) continue;
    table.insert(std::string(method_name(route.method)) + " " + std::string(route.pattern));
  }
  CHECK(described == table);
}

TEST_CASE("openapi.yaml says how large a body workers and programs may send", "[http]") {
  REQUIRE(Limits{}.body_bytes_max == 1U << 20U);
  Names described;
  for_each_operation_line([&](const std::string& route, const std::string& line) {
    const bool says_so = line.find("At most 1 MiB; more is answered with 413.") != line.npos;
    if (says_so) described.insert(route);
  });
  Names table;
  for (const Route& route : routes()) {
    const bool has_body = route.reach == Reach::worker && route.body != BodyKind::none;
    if (has_body) table.insert("POST " + std::string(route.pattern));
  }
  CHECK(described == table);
}

TEST_CASE("answers have exactly the members that openapi.yaml requires", "[http]") {
  Running running;
  running.tables.attempts[{"jets", 1}] = {{.trial = 1}};
  const json::Node studies = running.ask(get("/v1/studies")).json();
  CHECK(keys_of(studies.find("studies")->items.at(0)) == required_of("study"));
  const json::Node trials = running.ask(get("/v1/studies/jets/trials")).json();
  CHECK(keys_of(trials.find("trials")->items.at(0)) == required_of("trial"));
  const json::Node trial = running.ask(get("/v1/studies/jets/trials/1")).json();
  CHECK(keys_of(trial.find("history")->items.at(0)) == required_of("attempt"));
  CHECK(keys_of(running.ask(get("/v1/nope")).json()) == required_of("problem"));
  const json::Node refused = running.ask(post("/v1/studies", "{")).json();
  CHECK(keys_of(refused.find("errors")->items.at(0)) == required_of("problem_item"));
}

TEST_CASE("answers without a schema of their own have the members that are described", "[http]") {
  Running running;
  running.tables.events = {{.seq = 7, .study = "jets", .kind = "trial_created", .data = "{}"}};
  running.tables.trials["jets"].at(1).trial.suggestion = {.strategy = "sobol", .build = "b"};
  const auto keys = [&](const std::string& target) {
    return keys_of(running.ask(get(target)).json());
  };
  CHECK(keys("/version") == required_in("show_version"));
  CHECK(keys("/readyz") == required_of("ready"));
  CHECK(keys("/v1/studies") == required_in("list_studies"));
  CHECK(keys("/v1/studies/jets") == both(required_of("study"), {"spec"}));
  CHECK(keys("/v1/studies/jets/strategy-logs") == required_in("show_strategy_log"));
  running.tables.reports = {{.report = {.trial = 1, .step = 3},
                             .decision = {Verdict::stop, 1, "rank 3 of 3"}}};
  const json::Node reports = running.ask(get("/v1/studies/jets/reports")).json();
  CHECK(keys_of(reports.find("reports")->items.at(0)) == required_of("report"));
  const json::Node curve = running.ask(get("/v1/studies/jets/trials/1/reports")).json();
  CHECK(curve.find("reports")->items.size() == 1);
  CHECK(keys("/v1/studies/jets/best") == required_in("show_best"));
  CHECK(keys("/v1/studies/jets/trials") == required_in("list_trials"));
  const Names more = required_of("trial_with_history");
  CHECK(more == Names{"suggestion", "history", "doubts", "directory", "waits_for"});
  CHECK(keys("/v1/studies/jets/trials/1") == both(required_of("trial"), more));
  const json::Node events = running.ask(get("/v1/events")).json();
  CHECK(keys_of(events) == required_in("poll_events"));
  CHECK(keys_of(events.find("events")->items.at(0)) == required_of("event"));
  const json::Node page = running.ask(get("/v1/studies/jets/export")).json();
  CHECK(keys_of(page) == required_in("export_study"));
  const json::Node& trial = page.find("trials")->items.at(1);
  CHECK(keys_of(trial) == both(required_of("trial"), {"suggestion"}));
  CHECK(keys_of(*trial.find("suggestion")) == required_of("suggestion"));
  const json::Node verdict = running.ask(post("/v1/validate", study_text)).json();
  CHECK(keys_of(verdict) == required_in("validate_study"));
}

TEST_CASE("every answer has a status that openapi.yaml describes", "[http]") {
  const auto described = described_statuses();
  CHECK(described.size() == routes().size());
  Running running;
  running.sink.answer_with([](const loop::Command& command) {
    const bool creates = std::holds_alternative<loop::SubmitStudy>(command.body) ||
                         std::holds_alternative<loop::EnqueueTrials>(command.body) ||
                         std::holds_alternative<loop::IssueToken>(command.body) ||
                         std::holds_alternative<loop::RetryTrials>(command.body);
    return loop::Reply{.created = creates, .body = "{}"};
  });
  for (const auto& [route, statuses] : described) {
    std::string target = route.substr(route.find('/'));
    for (const auto& [name, value] :
         {std::pair{"{name}", "jets"}, {"{n}", "1"}, {"{worker}", "w"}}) {
      const std::size_t at = target.find(name);
      if (at != target.npos) target.replace(at, std::string(name).size(), value);
    }
    const bool takes_study = target == "/v1/studies" || target == "/v1/validate";
    const bool enqueues = target.ends_with("/trials");
    std::string body = takes_study ? study_text : enqueues ? R"({"params":{"lr":0.1}})" : "";
    if (target.ends_with(":report")) body = R"({"fence":1})";
    if (target.ends_with(":tell")) body = R"({"fence":1,"outcome":{"status":"infeasible"}})";
    if (target.ends_with("/tokens")) {
      body = R"({"valid_s":1,"sha256":")" + std::string(64, 'a') + "\"}";
    }
    if (target.ends_with("/logs")) continue;  // there is no attempt; log_file_test reads them
    if (target.ends_with("/work")) continue;  // lease_routes_test asks for it
    CAPTURE(route);
    const Answer answer = running.ask(route[0] == 'G' ? get(target) : post(target, body));
    CHECK(statuses.count(answer.status) == 1);
  }
  running.sink.set_health({.ready = false, .reason = "starting"});
  CHECK(described.at("GET /readyz").count(running.ask(get("/readyz")).status) == 1);
}

}  // namespace hpo::http::test
