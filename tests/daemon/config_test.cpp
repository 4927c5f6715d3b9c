// hpod.json: defaults, what can be set, and errors that point into the file.
#include "daemon/config.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/fresh_directory.hpp"

using namespace hpo;

namespace {

class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text) {
    std::ofstream(path()) << text;
    ::setenv("HPO_CONFIG", path().c_str(), 1);
  }
  ~ConfigFile() { ::unsetenv("HPO_CONFIG"); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

 private:
  std::string path() const { return directory_.path() + "/hpod.json"; }

  test::FreshDirectory directory_{};
};

std::string errors_of(const std::string& text) {
  const ConfigFile file(text);
  auto config = daemon::load_config();
  REQUIRE_FALSE(config);
  CHECK(config.error().code == ErrorCode::invalid_argument);
  return config.error().what;
}

}  // namespace

TEST_CASE("without a file the defaults hold", "[daemon]") {
  const char* const before = std::getenv("XDG_CONFIG_HOME");
  const std::string kept = before ? before : "";
  ::setenv("XDG_CONFIG_HOME", "/tmp/there-is-no-such-directory", 1);
  auto config = daemon::load_config();
  if (before) ::setenv("XDG_CONFIG_HOME", kept.c_str(), 1);
  else ::unsetenv("XDG_CONFIG_HOME");
  REQUIRE(config);
  CHECK(config->slots_max == daemon::Config{}.slots_max);
  CHECK(config->cpus >= 1);
}

TEST_CASE("a file that HPO_CONFIG names has to be there", "[daemon]") {
  ::setenv("HPO_CONFIG", "/tmp/there-is-no-such-hpod.json", 1);
  const auto config = daemon::load_config();
  ::unsetenv("HPO_CONFIG");
  REQUIRE_FALSE(config);
  CHECK(config.error().code == ErrorCode::invalid_argument);
  CHECK(config.error().where == "/tmp/there-is-no-such-hpod.json");
}

TEST_CASE("a key in the wrong place is told the right one", "[daemon]") {
  CHECK(errors_of("{\"slots_max\": 3}").find("{\"local\": {\"slots_max\"") != std::string::npos);
  CHECK(errors_of("{\"local\": {\"zzz\": 3}}").find("\"gpus\"") != std::string::npos);
}

TEST_CASE("an unknown key is told the known ones", "[daemon]") {
  const std::string told = errors_of("{\"wibble\": 3}");
  for (const char* const key : {"\"local\"", "\"slurm\"", "\"profiles\""}) {
    CHECK(told.find(key) != std::string::npos);
  }
  CHECK(told.find("slots_max") == std::string::npos);
}

TEST_CASE("a key that means TCP is told the right one", "[daemon]") {
  const std::string key = GENERATE("tcp", "http", "port");
  CHECK_THAT(errors_of("{\"" + key + "\": 8080}"), Catch::Contains("\"listen\": \"tcp://"));
}

TEST_CASE("a file sets slots and GPUs, with comments", "[daemon]") {
  const ConfigFile file("{\"local\": {\"slots_max\": 3, \"gpus\": 2}} // ours");
  auto config = daemon::load_config();
  REQUIRE(config);
  CHECK(config->slots_max == 3);
  CHECK(config->gpus == 2);
  CHECK(daemon::to_json(*config) ==
        R"({"local":{"slots_max":3,"gpus":2},"slurm":{"poll_interval":"30s",)"
        R"("absent_after":"330s","result_grace":"1m","lost_after":"10m","stuck_after":"30m"},)"
        R"("strategies":{"ask_deadline":"50ms","model_memory":"1G"},"profiles":{}})");
}

TEST_CASE("an error in hpod.json says where, and what was meant", "[daemon]") {
  CHECK(errors_of("{\n \"local\": {\"slot_max\": 3}}").find("slots_max") != std::string::npos);
  CHECK(errors_of("{\n \"local\": {\"slot_max\": 3}}").find(":2:") != std::string::npos);
  CHECK(errors_of("{\"locale\": {}}").find("local") != std::string::npos);
  CHECK(errors_of("{\"local\": {\"slots_max\": 0}}").find("from 1 to") != std::string::npos);
  CHECK(errors_of("{\"local\": {\"gpus\": \"two\"}}").find("whole number") != std::string::npos);
  CHECK(errors_of("{\"local\": [}").find("HPO-E0001") != std::string::npos);
  CHECK(errors_of("[]").find("object") != std::string::npos);
  CHECK(errors_of("{\"local\": 3}").find("object") != std::string::npos);
}

TEST_CASE("a file sets the waits of Slurm", "[daemon]") {
  const ConfigFile file(R"({"slurm": {"poll_interval": "5s", "lost_after": "1h"}})");
  const auto config = daemon::load_config();
  REQUIRE(config);
  CHECK(config->slurm.poll_interval == std::chrono::seconds(5));
  CHECK(config->slurm.lost_after == std::chrono::hours(1));
  CHECK(config->slurm.absent_after == std::chrono::seconds(330));
  CHECK(errors_of(R"({"slurm": {"poll_intervall": "5s"}})").find("poll_interval") !=
        std::string::npos);
  CHECK(errors_of(R"({"slurm": {"lost_after": 5}})").find("from 1s to 24h") != std::string::npos);
  CHECK(errors_of(R"({"slurm": {"lost_after": "0s"}})").find("from 1s") != std::string::npos);
  CHECK(errors_of(R"({"slurm": {"lost_after": "25h"}})").find("from 1s") != std::string::npos);
}

TEST_CASE("a file sets how long slots wait for strategies, and what these keep", "[daemon]") {
  const ConfigFile file(R"({"strategies": {"ask_deadline": "2s", "model_memory": "16M"}})");
  const auto config = daemon::load_config();
  REQUIRE(config);
  CHECK(config->strategies.ask_deadline == std::chrono::seconds(2));
  CHECK(config->strategies.model_memory == 16 << 20);
  for (const char* time : {"\"0ms\"", "\"31s\"", "\"5xms\"", "\"ms\"", "50"}) {
    CHECK(errors_of(R"({"strategies": {"ask_deadline": )" + std::string(time) + "}}")
              .find("from 1ms to 30s") != std::string::npos);
  }
  CHECK(errors_of(R"({"strategies": {"model_memory": "15M"}})").find("from 16M") !=
        std::string::npos);
  CHECK(errors_of(R"({"strategies": {"ask_deadlin": "1s"}})").find("ask_deadline") !=
        std::string::npos);
}

TEST_CASE("columns of hpod.json count characters, as those of a study do", "[daemon]") {
  CHECK(errors_of("{ /* \xC3\xBC\xC3\xBC */ \"locale\": {}}").find(":1:12: ") !=
        std::string::npos);
}

TEST_CASE("a file that is there and cannot be read is no missing file", "[daemon]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/hpod.json";
  std::filesystem::create_symlink(path, path);  // root may read what has mode 000, but not this
  ::setenv("HPO_CONFIG", path.c_str(), 1);
  const auto config = daemon::load_config();
  ::unsetenv("HPO_CONFIG");
  REQUIRE_FALSE(config);
  CHECK(config.error().what.find("cannot open") != std::string::npos);
  CHECK(config.error().where == path);
}

TEST_CASE("limits of hpod.json hold at the limit and refuse one past it", "[daemon]") {
  const auto [text, is_legal] = GENERATE(table<std::string, bool>({
      {R"("slots_max": 1)", true}, {R"("slots_max": 0)", false}, {R"("slots_max": 100000)", true},
      {R"("slots_max": 100001)", false}, {R"("gpus": 0)", true}, {R"("gpus": -1)", false},
      {R"("gpus": 64)", true}, {R"("gpus": 65)", false}}));
  CAPTURE(text);
  const ConfigFile file("{\"local\": {" + text + "}}");
  CHECK(static_cast<bool>(daemon::load_config()) == is_legal);
}

TEST_CASE("an address for TCP is numeric and has a port", "[daemon]") {
  CHECK_FALSE(daemon::load_config()->listen);
  const ConfigFile file(R"({"listen": "tcp://[::1]:4711"})");
  const auto config = daemon::load_config();
  REQUIRE(config);
  CHECK(config->listen == TcpAddress{"::1", 4711});
  CHECK_THAT(daemon::to_json(*config), Catch::Contains(R"("listen":"tcp://[::1]:4711")"));
  const std::string wrong = GENERATE("8080", "\"10.0.0.5:1\"", "\"tcp://host:1\"", "\"tcp://::1\"",
                                     "\"https://10.0.0.5:1\"", "null", "{}");
  CHECK_THAT(errors_of("{\"listen\": " + wrong + "}"),
             Catch::Contains("HPO-E0105") && Catch::Contains("tcp://10.0.0.5:4711"));
}

TEST_CASE("profiles are read, printed, and refused with their place", "[daemon]") {
  const ConfigFile file(R"({"profiles": {"gpu": {"type": "slurm", "gpus": 4}}})");
  const auto config = daemon::load_config();
  REQUIRE(config);
  CHECK(config->profiles.contains("gpu"));
  CHECK_THAT(daemon::to_json(*config),
             Catch::Contains(R"("profiles":{"gpu":{"type":"slurm","gpus":4}})"));
  CHECK_THAT(errors_of("{\"profiles\": {\n \"gpu\": {\"type\": \"slurm\", \"gpus\": -1}}}"),
             Catch::Contains("hpod.json:2:35: error[HPO-E0105]") &&
                 Catch::Contains("/profiles/gpu/gpus"));
  CHECK_THAT(errors_of(R"({"profils": {}})"), Catch::Contains("did you mean \"profiles\"?"));
}
