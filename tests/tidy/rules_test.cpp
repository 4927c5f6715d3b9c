// The checkers are tested: each rule fires on a planted fault and keeps silent on good text.
#include <catch2/catch.hpp>

#include "tests/tidy/includes.hpp"
#include "tests/tidy/lists.hpp"
#include "tests/tidy/shape.hpp"
#include "tests/tidy/twins.hpp"
#include "tests/tidy/words.hpp"

namespace hpo::tidy {
namespace {

std::string lines(int count, const std::string& line = "x\n") {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

std::size_t banned(const std::string& path, const std::string& text) {
  return check_banned_calls(make_source(path, text)).size();
}

std::size_t folder_findings(const std::string& path, const std::string& header) {
  return check_folder_includes(make_source(path, "#include \"" + header + "\"\n")).size();
}

std::size_t library_findings(const std::string& path, const std::string& header) {
  return check_library_includes({make_source(path, "#include <" + header + ">\n")}).size();
}

std::size_t wrong_words(const std::string& path, const std::string& text) {
  return check_glossary(make_source(path, text)).size();
}

}  // namespace

TEST_CASE("tidy: strings, comments and directives are told from code", "[tidy]") {
  const Source source = make_source("a.cpp",
      "// note 'x\n#define A {\\\n  {\nint i = 1'000; char c = '\"';\n"
      "f(\"a\\\"b{\", R\"x({\")x\");\n"
      "/* { */ g();\n");
  CHECK(source.code.size() == source.text.size());
  CHECK(source.code.find('{') == std::string::npos);
  CHECK(source.code.find("note") == std::string::npos);
  CHECK(source.prose.find("note") != std::string::npos);
  CHECK(source.prose.find("a\\") == std::string::npos);
  CHECK(source.code.find("i = 1'000;") != std::string::npos);
  CHECK(source.code.find("g();") != std::string::npos);
}

TEST_CASE("tidy: an include against the floors is found", "[tidy]") {
  const auto [path, header, expected] = GENERATE(table<std::string, std::string, std::size_t>({
      {"schema/trial.hpp", "schema/result.hpp", 0},
      {"schema/trial.hpp", "strategies/strategy.hpp", 1},
      {"strategies/sobol.cpp", "schema/study.hpp", 0},
      {"strategies/sobol.cpp", "executors/executor.hpp", 1},
      {"executors/local.cpp", "executors/runner/claim.hpp", 0},
      {"executors/runner/claim.cpp", "executors/executor.hpp", 1},
      {"executors/slurm/queue.cpp", "executors/runner/text.hpp", 0},
      {"executors/slurm/queue.cpp", "executors/local_spawn.hpp", 1},
      {"executors/batch/command.cpp", "executors/slurm/queue.hpp", 1},
      {"executors/local.cpp", "daemon/engine/study.hpp", 1},
      {"daemon/engine/plan.cpp", "daemon/store/store.hpp", 1},
      {"daemon/store/store.cpp", "daemon/engine/study.hpp", 0},
      {"daemon/store/store.cpp", "daemon/loop/commands.hpp", 1},
      {"daemon/loop/asks.cpp", "strategies/strategy.hpp", 0},
      {"daemon/loop/asks.cpp", "daemon/http/server.hpp", 1},
      {"daemon/http/api.cpp", "daemon/store/reader.hpp", 0},
      {"daemon/http/api.cpp", "daemon/store/store.hpp", 1},
      {"daemon/http/api.cpp", "daemon/loop/commands.hpp", 0},
      {"daemon/http/api.cpp", "daemon/loop/asks.hpp", 1},
      {"daemon/http/api.cpp", "executors/executor.hpp", 1},
      {"daemon/main.cpp", "daemon/http/server.hpp", 0},
      {"daemon/main.cpp", "cli/output.hpp", 1},
      {"cli/exec.cpp", "executors/runner/claim.hpp", 0},
      {"cli/exec.cpp", "executors/executor.hpp", 1},
      {"cli/exec.cpp", "executors/batch/command.hpp", 0},
      {"cli/exec.cpp", "executors/batch/batch_executor.hpp", 1},
      {"cli/exec.cpp", "daemon/store/reader.hpp", 1},
      {"cli/exec.cpp", "output.hpp", 1},
      {"tests/a_test.cpp", "fixture.hpp", 0},
      {"tests/any_test.cpp", "daemon/store/store.hpp", 0}}));
  INFO(path << " includes " << header);
  CHECK(folder_findings(path, header) == expected);
}

TEST_CASE("tidy: a library outside its home is found", "[tidy]") {
  const auto [path, header, expected] = GENERATE(table<std::string, std::string, std::size_t>({
      {"schema/json/parse.cpp", "nlohmann/json.hpp", 0},
      {"schema/json/node.hpp", "nlohmann/json.hpp", 1},
      {"cli/output.cpp", "nlohmann/json.hpp", 1},
      {"daemon/store/sqlite.cpp", "sqlite3.h", 0},
      {"tests/daemon/store/x_test.cpp", "sqlite3.h", 0},
      {"daemon/main.cpp", "sqlite3.h", 1},
      {"daemon/http/session.cpp", "boost/beast/http.hpp", 0},
      {"daemon/loop/asks.cpp", "boost/beast/http.hpp", 1},
      {"daemon/main.cpp", "boost/asio/io_context.hpp", 0},
      {"daemon/engine/plan.cpp", "boost/asio/io_context.hpp", 1},
      {"daemon/log.cpp", "spdlog/spdlog.h", 0},
      {"daemon/store/store.cpp", "spdlog/spdlog.h", 1},
      {"strategies/sobol.cpp", "Eigen/Core", 0},
      {"daemon/loop/asks.cpp", "Eigen/Core", 1},
      {"daemon/http/api.cpp", "CLI/CLI.hpp", 1},
      {"schema/paths.cpp", "catch2/catch.hpp", 1}}));
  INFO(path << " includes " << header);
  CHECK(library_findings(path, header) == expected);
}

TEST_CASE("tidy: a library that arrives through our own header is found", "[tidy]") {
  const auto findings = check_library_includes({
      make_source("daemon/store/sqlite.hpp", "#include <sqlite3.h>\n"),
      make_source("daemon/store/store.hpp", "#include \"daemon/store/sqlite.hpp\"\n"),
      make_source("daemon/loop/asks.cpp", "\n#include \"daemon/store/store.hpp\"\n")});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].path == "daemon/loop/asks.cpp");
  CHECK(findings[0].line == 2);
  CHECK(findings[0].message.find("through daemon/store/store.hpp") != std::string::npos);
}

TEST_CASE("tidy: an include cycle is found, a shared header is not one", "[tidy]") {
  const Source a = make_source("schema/a.hpp", "#include \"schema/b.hpp\"\n");
  const Source b = make_source("schema/b.hpp", "#include \"schema/c.hpp\"\n");
  const Source back = make_source("schema/c.hpp", "#include \"schema/a.hpp\"\n");
  const Source leaf = make_source("schema/c.hpp", "");
  const Source c_too = make_source("schema/d.hpp", "#include \"schema/c.hpp\"\n");
  CHECK(check_include_cycles({a, b, back}).size() == 1);
  CHECK(check_include_cycles({a, b, leaf, c_too}).empty());
}

TEST_CASE("tidy: lengths are found one past the limit, not at it", "[tidy]") {
  CHECK(check_file_length(make_source("a.cpp", lines(file_lines_max))).empty());
  CHECK(check_file_length(make_source("a.cpp", lines(file_lines_max + 1))).size() == 1);
  const std::string wide(columns_max, 'x');
  CHECK(check_columns(make_source("a.cpp", wide + "\n")).empty());
  CHECK(check_columns(make_source("a.cpp", "ok\n" + wide + "x\n")).at(0).line == 2);
  CHECK(check_columns(make_source("a.cpp", "½" + wide.substr(1) + "\n")).empty());
  CHECK(check_readme(make_source("cli/README.md", lines(readme_lines_max))).empty());
  CHECK(check_readme(make_source("cli/README.md", lines(readme_lines_max + 1))).size() == 1);
  CHECK(check_readme(make_source("README.md", lines(top_readme_lines_max))).empty());
  CHECK(check_readme(make_source("README.md", lines(top_readme_lines_max + 1))).size() == 1);
}

TEST_CASE("tidy: a folder without README and a file without head comment are found", "[tidy]") {
  CHECK(check_readmes_exist({"schema/a.hpp"}).size() == 1);
  CHECK(check_readmes_exist({"schema/a.hpp", "schema/README.md"}).empty());
  CHECK(check_readmes_exist({"schema/README.md", "schema/x/a.json"}).at(0).path ==
        "schema/x/README.md");
  CHECK(check_head_comment(make_source("a.hpp", "// what\n#pragma once\n")).empty());
  CHECK(check_head_comment(make_source("a.hpp", "#pragma once\n// what\n")).size() == 1);
}

TEST_CASE("tidy: functions are found with their lines", "[tidy]") {
  const auto functions = functions_of(make_source("a.cpp",
      "namespace n {\nstruct S { int a = 0; };\nconstexpr int list[] = {1, 2};\n"       // 1-3
      "enum class E { one };\nclass C {\n public:\n  C() : a_{1}, b_{2} {\n    f();\n"  // 4-8
      "  }\n  int get() const { return a_; }\n};\ntemplate <class T>\nT twice(T x) {\n"  // 9-13
      "  if (x) {\n    return x;\n  }\n  return x;\n}\n}\n"                              // 14-19
      "TEST_CASE(\"{\") {\n  g({1, 2});\n}\n"));                                         // 20-22
  REQUIRE(functions.size() == 4);
  CHECK(functions[0].first_line == 7);
  CHECK(functions[0].lines == 3);
  CHECK(functions[1].lines == 1);
  CHECK(functions[2].first_line == 12);
  CHECK(functions[2].lines == 7);
  CHECK(functions[3].first_line == 20);
  CHECK(functions[3].lines == 3);
}

TEST_CASE("tidy: a long function is found one line past the limit", "[tidy]") {
  const std::string body = lines(function_lines_max - 2, "  f();\n");
  CHECK(check_function_lengths(make_source("a.cpp", "void g() {\n" + body + "}\n")).empty());
  const std::string longer = "int x;\nvoid g() {\n" + body + "  f();\n}\n";
  CHECK(check_function_lengths(make_source("a.cpp", longer)).at(0).line == 2);
}

TEST_CASE("tidy: every banned call is found outside of its exceptions", "[tidy]") {
  const std::string call = GENERATE(as<std::string>(), "std::mutex m;", "std::shared_mutex m;",
      "std::thread t(f);", "auto f = std::async(g);", "std::atomic<int> n;", "system(line);",
      "std::system(line);", "popen(line, mode);", "std::this_thread::sleep_for(1s);", "sleep(1);",
      "::usleep(5);", "std::random_device r;", "int i = rand();", "std::mt19937 g;",
      "std::uniform_real_distribution<double> d;", "std::chrono::system_clock::now();",
      "co_await f();", "using namespace std;", "throw 1;", "// TODO later", "/* FIXME */");
  INFO(call);
  CHECK(banned("daemon/store/a.cpp", "int a;\n" + call + "\n") == 1);
  CHECK(check_banned_calls(make_source("daemon/store/a.cpp", "int a;\n" + call + "\n"))
            .at(0).line == 2);
}

TEST_CASE("tidy: what is allowed is not found", "[tidy]") {
  CHECK(banned("daemon/main.cpp", "std::thread t(f);") == 0);
  CHECK(banned("tests/a_test.cpp", "std::thread t(f); std::mt19937 g;") == 0);
  CHECK(banned("cli/a.cpp", "// the system (and its thread) never sleeps; std::thread\n") == 0);
  CHECK(banned("cli/a.cpp", "f(\"system(x) TODO\"); file_system(x); error.system(); a->rand();")
        == 0);
  CHECK(banned("cli/a.cpp", "using namespace std::chrono_literals;") == 0);
  CHECK(banned("cli/a.cpp", "operand(1); std::chrono::steady_clock::now();") == 0);
  CHECK(banned("strategies/a.cpp", "std::log(x); std::sqrt(x);") == 1);
  CHECK(banned("daemon/store/a.cpp", "std::log(x);") == 0);
  CHECK(banned("daemon/loop/a.cpp", "#include <random>\nstd::chrono::steady_clock::now();") == 0);
}

TEST_CASE("tidy: engine and strategies see neither clock nor world", "[tidy]") {
  const std::string path = GENERATE(as<std::string>(), "daemon/engine/a.cpp", "strategies/a.cpp");
  CHECK(banned(path, "auto now = std::chrono::steady_clock::now();") == 1);
  CHECK(banned(path, "#include <fstream>\n#include <iostream>\n#include <random>\n") == 3);
  CHECK(banned(path, "#include <vector>\n#include <cmath>\n") == 0);
}

TEST_CASE("tidy: the glossary's wrong words are found inside of identifiers", "[tidy]") {
  const std::string bad = GENERATE(as<std::string>(), "int sampler_count;", "class RandomSampler;",
      "f(experiments);", "int next_point;", "double evaluationTime;", "struct Task {};",
      "suggester();");
  INFO(bad);
  CHECK(wrong_words("schema/a.hpp", bad) == 1);
}

TEST_CASE("tidy: other people's words and longer ones are left alone", "[tidy]") {
  CHECK(wrong_words("schema/a.hpp", "int multitasking; // a task\nf(\"task\");") == 0);
  CHECK(wrong_words("executors/slurm_parse.cpp", "int task_count;") == 0);
  CHECK(wrong_words("executors/a.cpp", "int panda_task_id;") == 0);
  CHECK(wrong_words("strategies/a.cpp", "Vector random_point;") == 0);
  CHECK(wrong_words("cli/a.cpp", "std::chrono::time_point end; int endpoint;") == 0);
}

TEST_CASE("tidy: a source file without a test is found", "[tidy]") {
  CHECK(check_twins({"schema/a.cpp"}).size() == 1);
  CHECK(check_twins({"schema/a.cpp", "tests/schema/a_test.cpp"}).empty());
  CHECK(check_twins({"executors/runner/a.cpp", "tests/executors/runner/a_test.py"}).empty());
  CHECK(check_twins({"daemon/engine/apply_end.cpp", "tests/daemon/engine/apply_test.cpp"}).empty());
  CHECK(check_twins({"daemon/engine/applying.cpp", "tests/daemon/engine/apply_test.cpp"}).size()
        == 1);
  CHECK(check_twins({"examples/a.cpp", "schema/a.hpp"}).empty());
  CHECK(check_twins({"cli/a.cpp"}).size() == 1);
}

TEST_CASE("tidy: a room that is tested as a whole needs that test", "[tidy]") {
  CHECK(check_twins({"executors/runner/a.cpp"}).size() == 1);
  CHECK(check_twins({"executors/runner/a.cpp", "tests/executors/runner/exec_test.cpp"}).empty());
  CHECK(check_twins({"executors/a.cpp", "tests/executors/runner/exec_test.cpp"}).size() == 1);
  CHECK(check_twins({"daemon/main.cpp"}).empty());
}

TEST_CASE("tidy: a test that no list names is found", "[tidy]") {
  const auto unlisted = [](const std::string& path, const std::string& list) {
    return check_lists({path}, {make_source("tests/cli/tests.cmake", list)}).size();
  };
  CHECK(unlisted("tests/cli/a_test.py", "hpo_python_test(a system cli/a_test.py)\n") == 0);
  CHECK(unlisted("tests/cli/a_test.py", "hpo_python_test(a system cli/b_test.py)\n") == 1);
  CHECK(unlisted("tests/cli/a_test.py", "${CMAKE_CURRENT_SOURCE_DIR}/cli/a_test.py") == 0);
  CHECK(unlisted("tests/cli/a_test.py", "# cli/a_test.py\n") == 1);
  CHECK(unlisted("tests/cli/a_test.cpp", "file(GLOB A cli/*_test.cpp)\n") == 0);
  CHECK(unlisted("tests/cli/a_test.py", "file(GLOB A cli/*_test.cpp)\n") == 1);
  CHECK(unlisted("tests/cli/in/a_test.cpp", "file(GLOB A cli/*_test.cpp)\n") == 1);
  CHECK(unlisted("tests/cli/support.py", "") == 0);
}

TEST_CASE("tidy: a fault whose test is not there is found", "[tidy]") {
  const std::vector<Source> tests{make_source("tests/a_test.py", "def test_it_holds(self):\n")};
  const auto missing = [&](const std::string& list) {
    return check_fault_list(make_source("tests/system/faults.md", list), tests).size();
  };
  CHECK(missing("- **A fault**: what holds.\n  `a_test.py`: test_it_holds\n") == 0);
  CHECK(missing("  `a_test.py`: test_it_breaks\n") == 1);
  CHECK(missing("  `b_test.py`: test_it_holds\n") == 1);
}

}  // namespace hpo::tidy
