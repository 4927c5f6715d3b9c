// hpod: arguments, wiring, signals. No logic lives here.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <iostream>
#include <thread>

#include "daemon/config.hpp"
#include "daemon/conformance/command.hpp"
#include "daemon/external/external_strategy.hpp"
#include "daemon/http/server.hpp"
#include "daemon/log.hpp"
#include "daemon/loop/asio_threads.hpp"
#include "daemon/loop/ended_watch.hpp"
#include "daemon/loop/orchestrator.hpp"
#include "daemon/process.hpp"
#include "daemon/replay/command.hpp"
#include "daemon/state_directory.hpp"
#include "daemon/version.hpp"
#include "daemon/wiring.hpp"
#include "schema/assert.hpp"

namespace {

using namespace hpo;

constexpr int exit_error = 1;
constexpr int exit_usage = 2;
constexpr int exit_held = 6;        // another daemon has the state directory
constexpr int exit_temporary = 75;  // start again: the disk decides
constexpr std::chrono::seconds look_interval{1};          // at our own files
constexpr std::chrono::milliseconds stop_limit{4'500};    // of the whole end
constexpr std::chrono::milliseconds answers_limit{3'000};  // of it, for requests under way

struct Arguments {
  std::string state_dir{};
  std::string listen{};
  bool is_ephemeral = false;
  bool prints_config = false;
  std::string replay_format{};
  std::string tested_study{};
};

int exit_code(const Error& error) {
  if (error.code == ErrorCode::conflict) return exit_held;
  const bool may_pass = error.code == ErrorCode::unavailable || error.code == ErrorCode::no_space;
  return may_pass ? exit_temporary : exit_error;
}

int refuse(const Error& error, int code) {
  std::cerr << "hpod: " << error.what << "\n  at " << error.where << "\n  " << error.remedy << '\n';
  return code;
}

class Daemon {
 public:
  Daemon(daemon::StateDirectory directory, const daemon::Config& config)
      : directory_(std::move(directory)), config_(config) {}

  int serve();

 private:
  const StatePaths& paths() const { return directory_.paths(); }
  Result<void> wire();
  Result<void> start_loop();
  void tell_of_the_directory();
  void warn(const Result<void>& result);
  void look_after_files();
  void stop();
  void end_in_time();
  void die(const Error& error);

  daemon::StateDirectory directory_;
  daemon::Config config_;
  daemon::Entrance entrance_{};
  daemon::Log log_{paths().log()};
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_, SIGTERM, SIGINT};
  boost::asio::steady_timer look_timer_{io_};
  loop::AsioThreads threads_{};
  std::unique_ptr<loop::Orchestrator> orchestrator_{};
  std::unique_ptr<loop::EndedWatch> watch_{};
  std::unique_ptr<http::Server> server_{};
  std::unique_ptr<spool::Spool> spool_{};
  std::promise<void> ended_{};
  std::thread watchdog_{};
};

Result<void> Daemon::start_loop() {
  auto store = store::Store::open({.path = paths().database()});
  if (!store) return store.error();
  directory_.remember_database();
  auto executors = daemon::make_executors(
      config_, paths(), (*store)->installation(), threads_, log_);
  if (!executors) return executors.error();
  loop::Orchestrator::Parts parts{
      .config = daemon::loop_config(config_, paths(), entrance_, std::string(daemon::build_id)),
      .store = std::move(*store),
      .executors = std::move(*executors),
      .readers = [path = paths().database()] { return store::Reader::open(path); },
      .holds = [this] { return directory_.check_lease(); },
      .fatal = [this](const Error& error) { die(error); },
      .log = [this](std::string_view level, const std::string& line) { log_.write(level, line); },
      .strategies = daemon::make_strategy_finder(paths())};
  orchestrator_ = std::make_unique<loop::Orchestrator>(std::move(parts), threads_);
  threads_.engine([this] {
    if (auto started = orchestrator_->start(); !started) die(started.error());
  });
  return {};
}

Result<void> Daemon::wire() {
  auto entrance = daemon::open_entrance(config_, paths());
  if (!entrance) return entrance.error();
  entrance_ = *std::move(entrance);
  if (auto started = start_loop(); !started) return started;
  auto watch = loop::EndedWatch::start(io_, paths().ended(), [this](std::vector<std::string> jobs) {
    threads_.engine([this, jobs = std::move(jobs)]() mutable {
      orchestrator_->job_files_seen(std::move(jobs));
    });
  });
  if (!watch) return watch.error();
  watch_ = std::move(*watch);
  const std::string socket = socket_path(paths().root, ::geteuid());
  auto server = http::Server::make(
      io_, {.socket_path = socket, .state_dir = paths().root,
            .version = std::string(daemon::version), .build = std::string(daemon::build_id),
            .limits = {.stop_deadline = answers_limit}, .profiles = config_.profiles,
            .tcp = entrance_.door},
      *orchestrator_, [path = paths().database()] { return store::Reader::open(path); });
  if (!server) return server.error();
  server_ = std::move(*server);
  spool_ = daemon::start_spool(io_, paths(), *server_, log_);
  return directory_.write_endpoint({.socket = socket, .version = std::string(daemon::version),
                                    .tcp = entrance_.address,
                                    .fingerprint = entrance_.fingerprint});
}

// The outcome of a COMMIT is unknown: nothing may be said or done any more.
void Daemon::die(const Error& error) {
  log_.write("error", "fatal error=\"" + error.what + "\" where=\"" + error.where + "\"");
  log_.flush();
  ::_exit(exit_temporary);
}

void Daemon::warn(const Result<void>& result) {
  if (result) return;
  log_.write("warn", result.error().what + " where=\"" + result.error().where + "\"");
}

// Somebody may remove them while we run. Without lock and database nothing may go on: another
// daemon may start into the same directories. What only others need is made again.
void Daemon::look_after_files() {
  if (auto checked = directory_.check_in_place(); !checked) die(checked.error());
  warn(directory_.keep_endpoint());
  if (auto kept = directory_.keep_lease(); !kept) {
    if (kept.error().code == ErrorCode::unavailable) die(kept.error());
    warn(kept);
  }
  server_->listen_again_if_lost();
  watch_->look();
  look_timer_.expires_after(look_interval);
  look_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look_after_files();
  });
}

// A strategy, a reader or an executor may be at work for long, and cannot be interrupted. What is
// not stored by then is safe to lose: everything acknowledged is on disk.
void Daemon::end_in_time() {
  if (ended_.get_future().wait_for(stop_limit) == std::future_status::ready) return;
  log_.write("warn", "stopped with work under way; the next start decides from disk");
  log_.flush();
  directory_.remove_endpoint();
  directory_.release();
  ::_exit(0);
}

void Daemon::stop() {
  signals_.clear();
  look_timer_.cancel();
  for (const int number : {SIGTERM, SIGINT}) {
    ::signal(number, [](int) { ::_exit(exit_error); });  // a second signal: now
  }
  log_.write("info", "stopping; trials go on without the daemon");
  watchdog_ = std::thread([this] { end_in_time(); });
  spool_->stop();
  threads_.engine([this] { orchestrator_->stop_starts(); });
  server_->stop([this] {
    threads_.engine([this] {
      orchestrator_->stop([this] { boost::asio::post(io_, [this] { io_.stop(); }); });
    });
  });
}

void Daemon::tell_of_the_directory() {
  if (directory_.was_open_to_others()) {
    log_.write("warn", "the state directory was open to others; its mode is 0700 now");
  }
  const daemon::FileSystem& on = directory_.file_system();
  if (on.kind == daemon::FileSystemKind::network) {
    log_.write("warn", "the state directory lies on a network file system (" + on.name +
                           "), which may be slow and whose locks may not reach other hosts: "
                           "lease.json keeps daemons of other hosts out");
  }
}

int Daemon::serve() {
  if (auto wired = wire(); !wired) {
    log_.write("error", wired.error().what + " where=\"" + wired.error().where + "\"");
    threads_.stop();
    return refuse(wired.error(), exit_code(wired.error()));
  }
  log_.write("info", "started state_dir=" + paths().root);
  tell_of_the_directory();
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) stop();
  });
  look_after_files();
  io_.run();
  directory_.remove_endpoint();
  log_.write("info", "stopped");
  spool_.reset();
  server_.reset();
  watch_.reset();
  threads_.stop();
  ended_.set_value();
  watchdog_.join();
  return 0;
}

int told(const Result<bool>& is_good) {
  if (!is_good) return refuse(is_good.error(), exit_usage);
  return *is_good ? 0 : exit_error;
}

int start(const Arguments& arguments) {
  const StrategyFinder find = external::strategy_finder(external::no_log);
  if (!arguments.replay_format.empty()) {
    return told(replay::carry_out(std::cin, arguments.replay_format,
                                  std::string(daemon::build_id), std::cout, find));
  }
  if (!arguments.tested_study.empty()) {
    return told(conformance::carry_out(arguments.tested_study, find, std::cout));
  }
  auto config = daemon::load_config();
  if (!config) return refuse(config.error(), exit_usage);
  if (!arguments.listen.empty()) {
    auto address = daemon::listen_address(arguments.listen);
    if (!address) return refuse(address.error(), exit_usage);
    config->listen = *std::move(address);
  }
  if (arguments.prints_config) {
    std::cout << daemon::to_json(*config) << '\n';
    return 0;
  }
  const auto root = arguments.state_dir.empty() ? state_directory()
                                                : absolute_here(arguments.state_dir);
  if (!root) return refuse(root.error(), exit_usage);
  auto directory = daemon::StateDirectory::open(*root, arguments.is_ephemeral);
  if (!directory) {
    return refuse(directory.error(), exit_code(directory.error()));
  }
  return Daemon(std::move(*directory), *config).serve();
}

}  // namespace

int main(int argc, char** argv) {
  daemon::prepare_process();
  Arguments arguments;
  CLI::App app{"hpod: keeps studies, proposes params, starts trials. Usually started by 'hpo'."};
  app.add_option("--state-dir", arguments.state_dir, "where everything lies (or HPO_STATE_DIR)");
  app.add_flag("--ephemeral", arguments.is_ephemeral, "allow a state directory in memory");
  app.add_flag("--print-config", arguments.prints_config, "print the effective hpod.json and end");
  app.add_option("--replay", arguments.replay_format,
                 "compute the suggestions of an exported study (standard input) once more, tell "
                 "it as text or json, and end");
  app.add_option("--test-strategy", arguments.tested_study,
                 "try the strategy of this study (its text) on many spaces, tell each check, end");
  app.add_option("--listen", arguments.listen,
                 "tcp://ADDRESS:PORT for workers on other machines, besides the Unix socket; "
                 "or \"listen\" in hpod.json");
  app.set_version_flag("--version", std::string(daemon::version));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  return start(arguments);
}
