// Logs: in pieces, without following what the training may have put in the way.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

struct WithLog : Running {
  explicit WithLog(const Limits& limits = {}) : Running(limits) {
    tables.attempts[{"jets", 1}] = {{.trial = 1, .number = 1}, {.trial = 1, .number = 2}};
    std::filesystem::create_directories(directory());
  }
  std::string directory() const { return state_dir() + "/studies/jets/trials/1/2"; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory() + "/" + name) << text;
  }
  json::Node log(const std::string& query) {
    const Answer answer = ask(get("/v1/studies/jets/trials/1/logs" + query));
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return answer.json();
  }
  int status(const std::string& query) {
    return ask(get("/v1/studies/jets/trials/1/logs" + query)).status;
  }
};

}  // namespace

TEST_CASE("a log is read from an offset or from its end", "[http]") {
  WithLog running;
  running.write("stdout", "0123456789");
  running.write("stderr", "oops");
  running.write("job.log", "loading modules");
  const json::Node all = running.log("");
  CHECK(all.find("text")->string == "0123456789");
  CHECK(all.find("attempt")->integer == 2);
  CHECK(all.find("next_offset")->integer == 10);
  CHECK(running.log("?offset=4").find("text")->string == "456789");
  CHECK(running.log("?offset=99").find("offset")->integer == 10);
  CHECK(running.log("?tail=3").find("text")->string == "789");
  CHECK(running.log("?tail=3").find("offset")->integer == 7);
  CHECK(running.log("?tail=0").find("text")->string.empty());
  CHECK(running.log("?stream=stderr").find("text")->string == "oops");
  CHECK(running.log("?attempt=1").find("size")->integer == 0);
  CHECK(running.log("?stream=job").find("text")->string == "loading modules");
}

TEST_CASE("what a strategy's program wrote is read likewise", "[http]") {
  WithLog running;
  const std::string target = "/v1/studies/jets/strategy-logs";
  CHECK(running.ask(get(target)).json().find("size")->integer == 0);
  std::ofstream(running.state_dir() + "/studies/jets/strategy.log") << "0123456789";
  CHECK(running.ask(get(target)).json().find("text")->string == "0123456789");
  CHECK(running.ask(get(target + "?tail=3")).json().find("text")->string == "789");
  CHECK(running.ask(get(target + "?offset=8")).json().find("text")->string == "89");
  CHECK(running.ask(get(target + "?offset=8&tail=1")).status == 422);
  CHECK(running.ask(get("/v1/studies/nope/strategy-logs")).status == 404);
}

TEST_CASE("what makes no sense for a log is refused", "[http]") {
  WithLog running;
  CHECK(running.status("?stream=passwd") == 422);
  CHECK(running.status("?tail=1&offset=1") == 422);
  CHECK(running.status("?tail=-1") == 422);
  CHECK(running.status("?attempt=3") == 404);
  CHECK(running.status("?attempt=0") == 422);
  CHECK(running.ask(get("/v1/studies/jets/trials/0/logs")).status == 404);
}

TEST_CASE("a long log comes in chunks that together are the log", "[http]") {
  Limits limits;
  limits.log_bytes_max = 10;
  WithLog running(limits);
  std::string text;
  for (int i = 0; i < 9; ++i) text += "aäß€𝄞";
  running.write("stdout", text);
  std::string read;
  std::int64_t offset = 0;
  for (int i = 0; offset < static_cast<std::int64_t>(text.size()) && i < 100; ++i) {
    const json::Node chunk = running.log("?offset=" + std::to_string(offset));
    REQUIRE(chunk.find("text")->string.size() <= 10);
    read += chunk.find("text")->string;
    offset = chunk.find("next_offset")->integer;
  }
  CHECK(read == text);
}

TEST_CASE("a log longer than the limit gives the limit, its end if asked for", "[http]") {
  WithLog running;
  const std::size_t limit = 256U << 10U;
  running.write("stdout", std::string(limit, 'a') + "z");
  CHECK(running.log("").find("text")->string.size() == limit);
  CHECK(running.log("?tail=9999999").find("text")->string.size() == limit);
  CHECK(running.log("?tail=9999999").find("text")->string.back() == 'z');
}

TEST_CASE("bytes that are no text do not break the answer", "[http]") {
  WithLog running;
  running.write("stdout", std::string("a\0\xff\x1b[31m", 8));
  CHECK(running.log("").find("next_offset")->integer == 8);
}

TEST_CASE("symbolic links and other files in the way are refused", "[http]") {
  WithLog running;
  const std::string log = running.directory() + "/stdout";
  SECTION("the log is a link") {
    std::filesystem::create_symlink("/etc/passwd", log);
  }
  SECTION("the log is a pipe") { REQUIRE(::mkfifo(log.c_str(), 0600) == 0); }
  SECTION("the log is a directory") { std::filesystem::create_directory(log); }
  SECTION("a directory above it is a link") {
    std::filesystem::remove_all(running.directory());
    std::filesystem::create_directory_symlink("/etc", running.directory());
  }
  CHECK(running.status("") == 409);
}

}  // namespace hpo::http::test
