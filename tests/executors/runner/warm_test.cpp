// Warm trainings, whole: a script in Python that hpo.serve() makes a server, and what goes wrong.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <deque>

#include "executors/runner/process.hpp"
#include "tests/executors/support.hpp"

extern char** environ;

using namespace hpo;
using test::is_gone;
using test::number_in;
using test::Scene;
using test::wait_until;
using Catch::Contains;

namespace {

// `load` is carried out once, `train` for each trial: `p` are its params, `loaded` is the script's
// pid, server() that of what will take the next request.
std::string script(const std::string& train, const std::string& load = "pass") {
  return "import os, signal, subprocess, sys, time\n"
         "sys.path.insert(0, '" + std::string(::getenv("HPO_SOURCE")) +
         "/executors/runner/helpers')\n"
         "import hpo\nloaded = os.getpid()\n"
         "def server(): return int(open('/proc/thread-self/children').read().split()[0])\n" +
         load + "\ndef train(p):\n  " + train +
         "\nhpo.serve(train)\n";
}

// Several attempts of one warm training, carried out one after another by one runner.
class Warm {
 public:
  Warm(int attempts, const std::string& text, std::string way = "warm") : way_(std::move(way)) {
    for (int k = 0; k < attempts; ++k) {
      scenes_.emplace_back(std::vector<std::string>{"/usr/bin/python3", path("train.py")});
      scene(k).spec.seed = static_cast<std::uint64_t>(k);
    }
    test::write(path("train.py"), text);
  }

  Scene& scene(int k) { return scenes_[static_cast<std::size_t>(k)]; }
  std::string path(const std::string& name) const { return root_.path() + "/" + name; }
  std::string log() const { return test::read(path("log")); }
  Outcome outcome(int k) { return scene(k).outcome(); }

  pid_t start() {
    std::vector<std::string> words{test::runner_program(), way_, path("log")};
    for (Scene& each : scenes_) {
      each.prepare();
      words.push_back(each.directory());
    }
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, 1, path("starts").c_str(), O_CREAT | O_WRONLY, 0600);
    pid_t pid = 0;
    REQUIRE(::posix_spawn(&pid, argv[0], &files, nullptr, argv.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&files);
    return pid;
  }

  // How often the script was started.
  int carry_out() { return ended(start()); }
  int ended(pid_t runner) {
    REQUIRE(test::wait_for(runner) == 0);
    return number_in(path("starts"));
  }

 private:
  test::FreshDirectory root_{};
  std::string way_{};
  std::deque<Scene> scenes_{};
};

}  // namespace

TEST_CASE("a warm training loads once, and each trial is an attempt as any", "[runner]") {
  Warm warm(3, script("print(loaded, p['lr'], os.environ['HPO_SEED'], os.getcwd())\n"
                      "  print('oh', file=sys.stderr)\n  hpo.result(auc=float(hpo.trial()))",
                      "print('loaded', sorted(k for k in os.environ if k[:4] == 'HPO_'))"));
  CHECK(warm.carry_out() == 1);
  CHECK(warm.log() == "loaded ['HPO_WARM_FD']\n");
  std::string script_pid;
  for (int k = 0; k < 3; ++k) {
    const Outcome outcome = warm.outcome(k);
    CHECK(outcome.status == OutcomeStatus::completed);
    CHECK(outcome.value == 3.0);
    const std::string out = test::read(warm.scene(k).file("stdout"));
    CHECK_THAT(out, Catch::EndsWith(" 0.001 " + std::to_string(k) + " " +
                                    warm.scene(k).workdir() + "\n"));
    CHECK(test::read(warm.scene(k).file("stderr")) == "oh\n");
    if (k == 0) script_pid = out.substr(0, out.find(' '));
    CHECK(out.substr(0, out.find(' ')) == script_pid);
  }
  CHECK(is_gone(std::atoi(script_pid.c_str())));
}

TEST_CASE("what a warm script was started by waits for it, trial after trial", "[runner]") {
  Warm warm(3, "import os, subprocess, sys\nif len(sys.argv) == 1:\n"
               "  words = [sys.executable, __file__, str(os.getpid())]\n"
               "  sys.exit(subprocess.call(words, pass_fds=[int(os.environ['HPO_WARM_FD'])]))\n"
               "outer = sys.argv[1]\n" +
               script("state = open('/proc/%s/stat' % outer).read().split()[2]\n"
                      "  hpo.result(auc=float(state == 'S'))"));
  CHECK(warm.carry_out() == 1);
  for (int k = 0; k < 3; ++k) CHECK(warm.outcome(k).value == 1.0);
}

TEST_CASE("a warm trial's end is classified as any", "[runner]") {
  Warm warm(4, script("exec({'0': 'os.abort()', '1': 'sys.exit(3)', '2': 'raise ValueError(1)',"
                      " '3': 'time.sleep(1000)'}[os.environ['HPO_SEED']])"));
  warm.scene(3).spec.time = std::chrono::seconds(1);
  CHECK(warm.carry_out() == 1);
  CHECK(warm.outcome(0).signal == SIGABRT);
  CHECK(warm.outcome(1).status == OutcomeStatus::infeasible);
  CHECK(warm.outcome(2).exit_code == 1);
  CHECK_THAT(warm.outcome(2).message, Contains("ValueError: 1"));
  CHECK(warm.outcome(3).failure == FailureClass::timeout);
}

TEST_CASE("a cancelled warm trial has its grace, and the next one goes on", "[runner]") {
  Warm warm(2, script("if os.environ['HPO_SEED'] == '1': return hpo.result(auc=1)\n"
                      "  save = lambda *_: (open('saved', 'w'), sys.exit())\n"
                      "  signal.signal(signal.SIGTERM, save)\n"
                      "  open('ready', 'w')\n  while True: signal.pause()"));
  const pid_t runner = warm.start();
  REQUIRE(wait_until([&] { return test::exists(warm.scene(0).workdir() + "/ready"); }));
  ::kill(runner, SIGTERM);
  CHECK(warm.ended(runner) == 1);
  CHECK(warm.outcome(0).status == OutcomeStatus::cancelled);
  CHECK(test::exists(warm.scene(0).workdir() + "/saved"));
  CHECK(warm.outcome(1).value == 1.0);
}

TEST_CASE("a cancel while the script loads ends that trial alone", "[runner]") {
  Warm warm(2, script("hpo.result(auc=1)", "if not os.path.exists('ready'):\n"
                      "  open('ready', 'w')\n  while True: signal.pause()"));
  const pid_t runner = warm.start();
  REQUIRE(wait_until([&] { return test::exists(warm.scene(0).workdir() + "/ready"); }));
  ::kill(runner, SIGTERM);
  CHECK(warm.ended(runner) == 2);
  CHECK(warm.outcome(0).status == OutcomeStatus::cancelled);
  CHECK(warm.outcome(1).value == 1.0);
}

TEST_CASE("a trial goes on when script or server die, and the next one has a server", "[runner]") {
  Warm warm(4, script("if os.environ['HPO_SEED'] == '0': os.kill(loaded, signal.SIGKILL)\n"
                      "  if os.environ['HPO_SEED'] == '2': os.kill(server(), signal.SIGKILL)\n"
                      "  hpo.result(auc=1)"));
  CHECK(warm.carry_out() == 2);
  for (int k = 0; k < 4; ++k) CHECK(warm.outcome(k).value == 1.0);
}

TEST_CASE("a killed trial leaves the server, and killed with it costs a start", "[runner]") {
  Warm warm(4, script("if os.environ['HPO_SEED'] == '2': os.kill(server(), signal.SIGKILL)\n"
                      "  if int(os.environ['HPO_SEED']) % 2 == 0: os.kill(os.getpid(), 9)\n"
                      "  hpo.result(auc=1)"));
  CHECK(warm.carry_out() == 2);
  for (const int k : {0, 2}) CHECK(warm.outcome(k).signal == SIGKILL);
  for (const int k : {1, 3}) CHECK(warm.outcome(k).value == 1.0);
}

TEST_CASE("servers of other languages fork once, or twice", "[runner]") {
  const std::string forks = GENERATE(
      as<std::string>{},
      "  server = os.fork()\n  os.setpgid(server, server)\n  if server == 0: continue\n"
      "  more = {'server': server}\n",
      "  middle = os.fork()\n  if middle: os.waitpid(middle, 0); continue\n"
      "  if os.fork(): os._exit(0)\n"
      "  while os.getppid() != request['parent']: pass\n  os.setpgid(0, 0)\n  more = {}\n");
  Warm warm(3, "import json, os\nfd = int(os.environ['HPO_WARM_FD'])\n"
               "os.write(fd, b'{\"protocol\": 1}\\n')\nfor line in open(fd, closefd=False):\n"
               "  request = json.loads(line)\n" + forks +
               "  os.dup2(os.open(request['stdout'], os.O_WRONLY), 1)\n"
               "  answer = dict(more, job=request['job'], pid=os.getpid())\n"
               "  os.write(fd, json.dumps(answer).encode() + b'\\n')\n"
               "  os.write(1, b'hpo-result {\"auc\": 1}\\n')\n  os._exit(0)\n");
  CHECK(warm.carry_out() == 1);
  for (int k = 0; k < 3; ++k) CHECK(warm.outcome(k).value == 1.0);
}

TEST_CASE("a script that dies before the trial began is started again for it", "[runner]") {
  Warm warm(1, script("hpo.result(auc=1)",
                      "if not os.path.exists('died'):\n"
                      "  open('died', 'w')\n  fd = int(os.environ['HPO_WARM_FD'])\n"
                      "  os.write(fd, b'{\"protocol\": 1}\\n')\n  os.read(fd, 1)\n  os._exit(1)"));
  CHECK(warm.carry_out() == 2);
  CHECK(warm.outcome(0).value == 1.0);
}

TEST_CASE("a script that was ready once and starts no more is the machine's fault", "[runner]") {
  Warm warm(2, script("os.kill(server(), signal.SIGKILL)\n  hpo.result(auc=1)",
                      "if os.path.exists('once'): raise OSError('no data.npz')\n"
                      "open('once', 'w')"));
  CHECK(warm.carry_out() == 5);
  CHECK(warm.outcome(0).value == 1.0);
  CHECK(warm.outcome(1).failure == FailureClass::infrastructure);
  CHECK_THAT(warm.outcome(1).message, Contains("OSError: no data.npz"));
}

TEST_CASE("a script that never gets ready fails the trial with what it printed", "[runner]") {
  Warm warm(1, script("pass", "raise OSError('no data.npz')"));
  CHECK(warm.carry_out() == 1);
  CHECK(warm.outcome(0).failure == FailureClass::spawn_failed);
  CHECK_THAT(warm.outcome(0).message,
             Contains("not ready for trials: it ended with exit code 1: OSError: no data.npz\n") &&
                 Contains("Traceback") && Contains("where: " + warm.path("log")));
}

TEST_CASE("a long load is told on the trial's stderr, and the trial begins after it", "[runner]") {
  Warm warm(2, script("hpo.result(auc=1)",
                      "while not os.path.exists(sys.argv[0] + '.told'): time.sleep(0.02)"), "slow");
  const pid_t runner = warm.start();
  const auto said = [&](int k) { return test::read(warm.scene(k).file("stderr")); };
  CHECK(wait_until([&] { return said(0).find("hpo: this trial waits for its script") == 0; }));
  CHECK_THAT(said(0), Contains("at the end of the script") && Contains(": " + warm.path("log")));
  test::write(warm.path("train.py.told"), "");
  CHECK(warm.ended(runner) == 1);
  CHECK(warm.outcome(0).value == 1.0);
  CHECK(said(1).empty());
}

TEST_CASE("a script that never serves is given up when its time to load is over", "[runner]") {
  Warm warm(1, "import time\nprint('epoch 1', flush=True)\ntime.sleep(1000)\n", "brief");
  CHECK(warm.carry_out() == 1);
  CHECK(warm.outcome(0).failure == FailureClass::spawn_failed);
  CHECK_THAT(warm.outcome(0).message,
             Contains("it has not called hpo.serve(train) for 1 s: epoch 1\n"));
}

TEST_CASE("a script that a signal ends while it loads is started again", "[runner]") {
  Warm warm(1, script("hpo.result(auc=1)", "if not os.path.exists('died'):\n"
                      "  open('died', 'w')\n  os.kill(loaded, signal.SIGKILL)"));
  CHECK(warm.carry_out() == 2);
  CHECK(warm.outcome(0).value == 1.0);
}

TEST_CASE("a script that signals end again and again is told with the signal", "[runner]") {
  Warm warm(1, "import os\nos.kill(os.getpid(), 9)\n");
  CHECK(warm.carry_out() == 5);
  CHECK(warm.outcome(0).failure == FailureClass::infrastructure);
  CHECK_THAT(warm.outcome(0).message, Contains("not ready for trials: it was ended by SIGKILL\n") &&
                                          Contains("printed nothing: /usr/bin/python3 "));
}

TEST_CASE("what a server answers is not trusted", "[runner]") {
  // It reads a request, and answers what stands here; {job} is the trial's.
  const auto [answer, failure] = GENERATE(table<std::string, FailureClass>({
      {R"({"job": "{job}", "error": "no memory"})", FailureClass::infrastructure},
      {R"({"job": "{job}", "pid": 1})", FailureClass::spawn_failed},
      {R"({"job": "{job}", "pid": -4000000000})", FailureClass::spawn_failed},
      {R"({"job": "{job}", "error": "no memory", "server": 1})", FailureClass::spawn_failed},
      {"x * 100000", FailureClass::spawn_failed}}));
  Warm warm(1, "import json, os\nfd = int(os.environ['HPO_WARM_FD'])\n"
               "os.write(fd, b'{\"protocol\": 1}\\nnonsense\\n')\n"
               "os.write(fd, b'{\"job\": \"another\", \"pid\": 7}\\n')\n"
               "job = json.loads(os.read(fd, 100000).decode())['job']\n"
               "answer = '''" + answer + "'''.replace('{job}', job) + '\\n'\n"
               "if answer[0] == 'x': answer = 'x' * 100000\n"
               "os.write(fd, answer.encode())\nos.read(fd, 1)\n");
  CHECK(warm.carry_out() == 1);
  CHECK(warm.outcome(0).failure == failure);
}

TEST_CASE("what a warm trial leaves behind is ended, what its script started is not", "[runner]") {
  Warm warm(2, script("print(os.readlink('/proc/%d/exe' % helper.pid))\n"
                      "  left = subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
                      "  open('left', 'w').write('%d\\n' % left.pid)\n  hpo.result(auc=1)",
                      "helper = subprocess.Popen(['sleep', '1000'])"));
  CHECK(warm.carry_out() == 1);
  for (int k = 0; k < 2; ++k) {
    CHECK_THAT(warm.outcome(k).message, Contains("1 process(es) that the training left behind"));
    CHECK(is_gone(number_in(warm.scene(k).workdir() + "/left")));
    CHECK_THAT(test::read(warm.scene(k).file("stdout")), Contains("sleep\n"));
  }
}

TEST_CASE("a warm trial, its script and its server die with their runner", "[runner]") {
  Warm warm(1, script("open('pids', 'w').write('%d\\n' % os.getpid())\n"
                      "  open('script', 'w').write('%d\\n' % loaded)\n"
                      "  open('server', 'w').write('%d\\n' % server())\n"
                      "  while True: signal.pause()"));
  const pid_t runner = warm.start();
  const int trial = number_in(warm.scene(0).workdir() + "/pids");
  const int script_pid = number_in(warm.scene(0).workdir() + "/script");
  const int server = number_in(warm.scene(0).workdir() + "/server");
  ::kill(runner, SIGKILL);
  CHECK(test::wait_for(runner) == 128 + SIGKILL);
  CHECK(wait_until([&] { return is_gone(trial) && is_gone(script_pid) && is_gone(server); }));
}
