// Real programs that answer, are silent, end, flood and refuse to end.
#include "daemon/external/program.hpp"

#include <fcntl.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "daemon/external/protocol.hpp"
#include "executors/runner/process.hpp"
#include "tests/daemon/external/programs.hpp"
#include "tests/fresh_directory.hpp"

namespace hpo::external {
namespace {

using namespace std::chrono_literals;

constexpr auto enough = 20s;  // only a broken program gets there

struct Rig {
  explicit Rig(const std::string& script) : Rig(launch_with(script)) {}
  explicit Rig(const Launch& launch) {
    ::signal(SIGPIPE, SIG_IGN);  // as hpod does
    auto started = Program::start(launch, log);
    REQUIRE(started);
    program = *std::move(started);
  }
  std::string ask(const std::string& line) {
    const auto reply = program->exchange(line, enough);
    return reply ? *reply : "error: " + reply.error().what;
  }
  Log log{""};
  std::unique_ptr<Program> program{};
};

bool is_gone(int pid) {
  const auto process = runner::find_process(pid);
  return !process || !process->is_alive();
}

}  // namespace

TEST_CASE("a line goes there and a line comes back, again and again", "[external]") {
  Rig rig("while read -r line; do echo \"<$line>\"; done");
  for (int i = 0; i < 100; ++i) {
    CHECK(rig.ask(std::to_string(i)) == "<" + std::to_string(i) + ">");
  }
}

TEST_CASE("long lines pass both ways while stderr is full of words", "[external]") {
  Rig rig("while read -r line; do echo \"$line\"; head -c 300000 /dev/zero >&2; done");
  const std::string line(1 << 20, 'x');
  CHECK(rig.ask(line) == line);
  CHECK(rig.ask(line) == line);
}

TEST_CASE("the program has the study's environment, its workdir and no descriptors of ours",
          "[external]") {
  const runner::Fd leaked(::fcntl(STDERR_FILENO, F_DUPFD, 50));  // not close-on-exec
  REQUIRE(leaked.get() >= 50);
  StudySpec spec = study_with("read -r line; echo $(env | sort | grep -v '^_=\\|^PWD=\\|^SHLVL=\\|"
                              "^OLDPWD=') $(pwd) $(ls /proc/$$/fd); read -r line");
  spec.environment.vars = {{"A", "1"}};
  spec.workdir = "/usr";
  Rig rig(*launch_of(spec));
  CHECK(rig.ask("x") == "A=1 HPO_STUDY=toy PATH=/usr/bin:/bin /usr 0 1 2 3");  // 3: of the shell
}

TEST_CASE("a program that ends is told of with its exit code and last words", "[external]") {
  CHECK(Rig("echo hello >&2; echo 'No module named optuna' >&2; exit 3").ask("x") ==
        "error: it ended with exit code 3; its last words: No module named optuna");
  CHECK(Rig("read -r line; kill -9 $$").ask("x") == "error: it was ended by signal 9");
  CHECK(Rig("exec 1>&-; read -r line; read -r line").ask("x") == "error: it closed its output");
}

TEST_CASE("a program that is silent costs as much patience as it is given", "[external]") {
  Rig rig("read -r a; printf half; read -r b");
  const auto reply = rig.program->exchange("x", 50ms);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().what == "it did not answer within 0 s; it began: half");
  CHECK(reply.error().code == ErrorCode::unavailable);
}

TEST_CASE("a program that does not read is silent too", "[external]") {
  Rig rig("exec sleep 1000");
  const auto reply = rig.program->exchange(std::string(4 << 20, 'x'), 50ms);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().what == "it did not answer within 0 s");
}

TEST_CASE("more than a line for a request is refused with the line", "[external]") {
  CHECK(Rig("read -r line; printf 'one\\ntwo\\n'; read -r line").ask("x") ==
        "error: it wrote more than one line for a request: two\n");
  Rig eager("echo hello; read -r line; echo \"<$line>\"; read -r line");
  CHECK(eager.ask("x") != "<x>");
}

TEST_CASE("a flood of output ends at a limit", "[external]") {
  const std::string said = Rig("read -r line; tr '\\0' x < /dev/zero").ask("x");
  CHECK(said.starts_with("error: its reply is longer than 4194304 bytes: xxx"));
  CHECK(said.size() < 500);
}

TEST_CASE("an empty line is a reply", "[external]") {
  CHECK(Rig("read -r line; echo; read -r line").ask("x") == " ");
}

TEST_CASE("the program and its children are gone with the object", "[external]") {
  Rig rig("trap '' TERM HUP INT; sleep 1000 & read -r a; echo $! $$; read -r b");
  std::istringstream pids(rig.ask("x"));
  int child = 0;
  int self = 0;
  pids >> child >> self;
  REQUIRE((child > 0 && self == rig.program->pid()));
  rig.program.reset();
  CHECK(is_gone(self));
  const auto limit = std::chrono::steady_clock::now() + enough;
  while (!is_gone(child) && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  CHECK(is_gone(child));
}

TEST_CASE("the program dies with the thread that started it", "[external]") {
  Log log("");
  std::unique_ptr<Program> program;
  std::thread([&] { program = *Program::start(launch_with("exec sleep 1000"), log); }).join();
  const auto reply = program->exchange("x", enough);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().what == "it was ended by signal 9");
}

TEST_CASE("a program gets no more memory than the study allows", "[external]") {
  Launch launch = launch_with("read -r line; x=$(head -c 200000000 /dev/zero | tr '\\0' x) && echo "
                              "\"${#x}\"; echo short; read -r line");
  launch.memory_bytes = 64 << 20;
  const std::string said = Rig(launch).ask("x");
  CHECK(said.find("200000000") == std::string::npos);
}

TEST_CASE("what is no program is told with a remedy, and nothing runs", "[external]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/script";
  std::ofstream(path) << "#!/no/such/interpreter\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  Launch launch = launch_with("true");
  launch.program = path;
  Log log("");
  const auto refused = Program::start(launch, log);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK(refused.error().what.starts_with("the strategy's program cannot be executed"));
}

}  // namespace hpo::external
