// What is said of a daemon that takes long to answer.
#include "cli/silence.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using Catch::Contains;

TEST_CASE("of a daemon that was stopped it says what lets it go on", "[silence]") {
  for (const char state : {'T', 't'}) {
    const std::string text = cli::silence_text({}, runner::Process{.pid = 71, .state = state});
    CHECK_THAT(text, Contains("process 71, which is stopped") && Contains("kill -CONT 71"));
  }
  const std::string busy = cli::silence_text({}, runner::Process{.pid = 71, .state = 'S'});
  CHECK_THAT(busy, Contains("does not answer") && Contains("hpo daemon logs") &&
                       Contains("ps -o stat,etime,args -p 71") && !Contains("CONT"));
}

TEST_CASE("of a daemon elsewhere, or one that has gone, it names no process", "[silence]") {
  CHECK_THAT(cli::silence_text({}, std::nullopt), Contains("hpo daemon logs"));
  const ConnectFile file{.address = *tcp_address_from("10.0.0.5:4711")};
  const std::string text =
      cli::silence_text({.socket = {}, .remote = file}, runner::Process{.pid = 71});
  CHECK_THAT(text, Contains("10.0.0.5:4711") && Contains("where it runs") && !Contains("71,"));
}
