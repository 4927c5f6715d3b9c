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

// "GET /v1/studies" -> the query parameters that are written out or referred to.
std::map<std::string, std::set<std::string>> described_routes() {
  std::map<std::string, std::set<std::string>> found;
  std::string path;
  std::string route;
  std::string parameter;
  for (const std::string& line : openapi_lines()) {
    const std::size_t indent = indent_of(line);
    if (line == "components:") break;
    if (indent == 2 && line[2] == '/') path = line.substr(2, line.size() - 3);
    if (line == "    get:" || line == "    post:") {
      route = (line == "    get:" ? "GET " : "POST ") + path;
      found[route];
    }
    const std::string name_mark = "        - name: ";
    if (line.rfind(name_mark, 0) == 0) parameter = line.substr(name_mark.size());
    if (line == "          in: query") found[route].insert(parameter);
    for (const std::string shared : {"limit", "cursor"}) {
      if (line == "        - $ref: '#/components/parameters/" + shared + "'") {
        found[route].insert(shared);
      }
    }
  }
  return found;
}

// The `required` members of a schema under components.
std::set<std::string> required_of(const std::string& schema) {
  std::set<std::string> names;
  bool is_inside = false;
  bool is_list = false;
  for (const std::string& line : openapi_lines()) {
    if (indent_of(line) == 4) is_inside = line == "    " + schema + ":";
    if (!is_inside) continue;
    if (line.rfind("      required: [", 0) == 0) is_list = true;
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

std::set<std::string> keys_of(const json::Node& node) {
  std::set<std::string> keys;
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

}  // namespace hpo::http::test
