// One turn from TCP to files, and none back; never both at once.
#include "cli/worker/two_ways.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/fresh_directory.hpp"

using namespace hpo;
using namespace hpo::cli::worker;

namespace {

class Noted final : public Transport {
 public:
  std::vector<std::string> posted{};
  int closed = 0;

  std::optional<cli::Failure> post(const std::string& body) override {
    posted.push_back(body);
    return std::nullopt;
  }
  void close() override { ++closed; }
  int fd() const override { return static_cast<int>(posted.size()); }
  short events() const override { return 0; }
  Instant look_at() const override { return never; }
  Progress go_on() override { return Progress::waiting; }
  HttpReply take_reply() override { return {}; }
};

}  // namespace

TEST_CASE("a worker turns from TCP to the spool once, where a daemon has made one", "[worker]") {
  const test::FreshDirectory directory;
  const std::string root = directory.path() + "/spool";
  auto tcp = std::make_unique<Noted>();
  Noted& first = *tcp;
  Noted files;
  TwoWays ways(std::move(tcp), files, root);
  ways.post("by TCP");
  CHECK_FALSE(ways.turn());  // nobody would read it
  ways.post("by TCP again");
  std::filesystem::create_directories(root + "/requests");
  CHECK(ways.turn());
  CHECK(first.closed == 1);
  ways.post("by files");
  CHECK(first.posted == std::vector<std::string>{"by TCP", "by TCP again"});
  CHECK(files.posted == std::vector<std::string>{"by files"});
  CHECK(ways.fd() == 1);
  CHECK_FALSE(ways.turn());
}
