// Commands of a scheduler as child processes: bounded, ended for certain, no variable too many.
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "executors/batch/command.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using namespace hpo::batch;
using namespace std::chrono_literals;
using test::shell;

namespace {

constexpr auto brief = 300ms;  // patience with what never ends

CommandResult result_of(const std::string& script, std::chrono::milliseconds patience = 20s,
                        std::size_t output_bytes_max = 1U << 20U) {
  const auto done = run({.argv = shell(script), .patience = patience,
                         .output_bytes_max = output_bytes_max});
  if (!done) FAIL(done.error().what);
  return *done;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class Variable {  // of our own environment, for a while
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("a command's output, errors and exit code are told apart", "[command]") {
  const CommandResult good = result_of("echo 12; echo warning >&2");
  CHECK(good.is_good());
  CHECK(good.output == "12\n");
  CHECK(good.error == "warning\n");
  CHECK(good.exit_code == 0);
  CHECK_FALSE(good.signal);

  const CommandResult bad = result_of("echo 12; exit 3");
  CHECK_FALSE(bad.is_good());
  CHECK(bad.exit_code == 3);
  CHECK(bad.output == "12\n");
}

TEST_CASE("a command that a signal ended has no exit code", "[command]") {
  const CommandResult result = result_of("kill -TERM $$");
  CHECK(result.signal == SIGTERM);
  CHECK_FALSE(result.exit_code);
  CHECK_FALSE(result.is_timed_out);
}

TEST_CASE("a command that hangs is killed with its whole process group", "[command]") {
  const test::FreshDirectory directory;
  const std::string file = directory.path() + "/child";
  const CommandResult result = result_of(
      "trap '' TERM; sleep 1000 & echo $! > " + file + "; echo half; wait; wait", brief);
  CHECK(result.is_timed_out);
  CHECK(result.signal == SIGKILL);
  CHECK(result.output == "half\n");
  CHECK_FALSE(result.is_good());
  const int child = test::number_in(file);
  CHECK(test::wait_until([&] { return test::is_gone(child); }));
}

TEST_CASE("no patience at all: it is killed all the same, however early that is", "[command]") {
  for (int i = 0; i < 50; ++i) CHECK(result_of("sleep 1000", 0ms).is_timed_out);
}

TEST_CASE("a command that floods is cut, killed, and not believed", "[command]") {
  const CommandResult result = result_of("yes", 20s, 100'000);
  CHECK(result.is_cut);
  CHECK(result.output.size() == 100'000);
  CHECK(result.signal == SIGKILL);
  CHECK_FALSE(result.is_good());
  CHECK_FALSE(result.is_timed_out);
}

TEST_CASE("of errors the first 64 KiB are kept, and the command is not stopped", "[command]") {
  const CommandResult result = result_of("head -c 3000000 /dev/zero >&2; echo done");
  CHECK(result.is_good());
  CHECK(result.error.size() == 64 * 1024);
  CHECK(result.output == "done\n");
}

TEST_CASE("a long listing comes whole", "[command]") {
  const CommandResult result = result_of("head -c 50000000 /dev/zero", 20s, 64U << 20U);
  CHECK(result.is_good());
  CHECK(result.output.size() == 50'000'000);
}

TEST_CASE("a command that closes its output and lives on is waited for", "[command]") {
  const CommandResult late = result_of("exec >&- 2>&-; read x < /dev/null; exit 7");
  CHECK(late.exit_code == 7);
  const CommandResult never = result_of("echo 12; exec >&- 2>&-; sleep 1000", brief);
  CHECK(never.is_timed_out);
  CHECK(never.output == "12\n");
}

TEST_CASE("what a command leaves behind does not keep us, and does not stay", "[command]") {
  const test::FreshDirectory directory;
  const std::string file = directory.path() + "/child";
  const auto start = std::chrono::steady_clock::now();
  const CommandResult result = result_of("sleep 1000 & echo $! > " + file + "; echo 12");
  CHECK(result.is_good());
  CHECK(result.output == "12\n");
  CHECK(seconds_since(start) < 15);  // of a patience of 20
  const int child = test::number_in(file);
  CHECK(test::wait_until([&] { return test::is_gone(child); }));
}

TEST_CASE("a command cannot ask us anything", "[command]") {
  CHECK(result_of("read answer || echo none").output == "none\n");
}

TEST_CASE("options in disguise stay with the daemon, what is to be kept goes along",
          "[command]") {
  const Variable partition("SBATCH_PARTITION", "gold");
  const Variable states("SQUEUE_STATES", "FAILED");
  const Variable secret("HPO_TEST_SECRET", "x");
  const Variable language("LANG", "de_DE.UTF-8");
  const Variable conf("SITE_CONF", "/etc/our/site.conf");
  const auto done = run({.argv = {"env"}, .environment = {"TZ=UTC0"}, .kept = {"SITE_CONF"}});
  REQUIRE(done);
  const std::string text = "\n" + done->output;
  for (const char* name : {"SBATCH_", "SQUEUE_", "HPO_TEST_SECRET", "LANG"}) {
    CHECK_THAT(text, !Catch::Contains("\n" + std::string(name)));
  }
  for (const char* line : {"\nSITE_CONF=/etc/our/site.conf\n", "\nTZ=UTC0\n", "\nLC_ALL=C\n"}) {
    CHECK_THAT(text, Catch::Contains(line));
  }
  CHECK_THAT(text, Catch::Contains("\nPATH=" + std::string(::getenv("PATH")) + "\n"));
}

TEST_CASE("a command that is not in PATH is told with what was searched", "[command]") {
  const auto done = run({.argv = {"no-such-sbatch", "--parsable"}});
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::not_found);
  CHECK_THAT(done.error().what, Catch::Contains("no-such-sbatch"));
  CHECK(done.error().where == ::getenv("PATH"));
}

TEST_CASE("a command that the system cannot execute says so", "[command]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/sbatch";
  test::write(path, "#!/no/such/interpreter\n");
  REQUIRE(::chmod(path.c_str(), 0755) == 0);
  const auto done = run({.argv = {path}});
  REQUIRE(done);
  CHECK(done->exit_code == 127);
  CHECK_THAT(done->error, Catch::Contains("cannot be executed"));
}

TEST_CASE("arguments reach the command as they are", "[command]") {
  const auto done = run({.argv = {"printf", "<%s>", "a b", "$(touch x)", "", "\n", "--x=\"'"}});
  REQUIRE(done);
  CHECK(done->output == "<a b><$(touch x)><><\n><--x=\"'>");
}

TEST_CASE("a command dies with the daemon: a late sbatch would submit what nobody looks for",
          "[command]") {
  const test::FreshDirectory directory;
  const std::string file = directory.path() + "/child";
  const pid_t daemon = ::fork();
  REQUIRE(daemon >= 0);
  if (daemon == 0) {
    const auto done = run({.argv = shell("echo $$ > " + file + "; exec sleep 1000")});
    ::_exit(done ? 0 : 1);
  }
  const int child = test::number_in(file);
  ::kill(daemon, SIGKILL);
  ::waitpid(daemon, nullptr, 0);
  CHECK(test::wait_until([&] { return test::is_gone(child); }));
}

TEST_CASE("a command is named in messages as it was typed", "[command]") {
  CHECK(text_of({"squeue", "-h", "--user=1"}) == "squeue -h --user=1");
}
