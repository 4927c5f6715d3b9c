// See wiring.hpp.
#include "daemon/wiring.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "daemon/certificate.hpp"
#include "daemon/external/external_strategy.hpp"
#include "executors/executor.hpp"

namespace hpo::daemon {
namespace {

// The `hpo` beside this program: what the jobs are made of.
std::string hpo_program() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return (self.parent_path() / "hpo").string();
}

loop::ExecutorRules rules_of_slurm(const SlurmConfig& config) {
  using namespace std::chrono_literals;
  return {.is_on_this_node = false, .poll_interval = config.poll_interval,
          .locate_interval = std::min<std::chrono::seconds>(15s, config.poll_interval),
          .absent_after = config.absent_after, .cancel_interval = 60s, .backoff = 15s,
          .backoff_max = 10min};
}

ExecutorConfig executor_config(const Config& config, const StatePaths& paths,
                               const std::string& installation, loop::Threads& threads,
                               Log& log) {
  const SlurmConfig& slurm = config.slurm;
  return {.hpo_program = hpo_program(), .ended_directory = paths.ended(),
          .installation = installation,
          .batch = {.poll_interval = slurm.poll_interval, .result_grace = slurm.result_grace,
                    .lost_after = slurm.lost_after, .stuck_after = slurm.stuck_after},
          .monotonic_ns = [&threads] { return threads.monotonic_ns(); },
          .utc_ns = [&threads] { return threads.utc_ns(); },
          .log = [&log](std::string_view level, const std::string& line) {
            log.write(level, line);
          }};
}

}  // namespace

Result<Entrance> open_entrance(const Config& config, const StatePaths& paths) {
  if (!config.listen) return Entrance{};
  auto certificate = keep_certificate(paths.certificate());
  if (!certificate) return certificate.error();
  auto door = http::open_tcp_door(*config.listen, std::move(certificate->pem));
  if (!door) return door.error();
  std::string address = door->address.text();
  return Entrance{*std::move(door), std::move(address), std::move(certificate->fingerprint),
                  std::move(certificate->job_secret)};
}

loop::LoopConfig loop_config(const Config& config, const StatePaths& paths,
                             const Entrance& entrance, const std::string& build) {
  return {.state_directory = paths.root, .database = paths.database(),
          .build_id = build, .hpo_program = hpo_program(), .tcp_address = entrance.address,
          .tcp_fingerprint = entrance.fingerprint, .tcp_job_secret = entrance.job_secret,
          .slots_max = config.slots_max,
          .devices = config.gpus, .cpus = config.cpus,
          .rules = {{"slurm", rules_of_slurm(config.slurm)}},
          .ask_deadline = config.strategies.ask_deadline,
          .model_bytes_max = static_cast<std::uint64_t>(config.strategies.model_memory)};
}

Result<loop::Executors> make_executors(const Config& config, const StatePaths& paths,
                                       const std::string& installation, loop::Threads& threads,
                                       Log& log) {
  const ExecutorConfig given = executor_config(config, paths, installation, threads, log);
  loop::Executors all;
  for (const ExecutorEntry& entry : executors()) {
    auto executor = entry.make(given);
    if (!executor) return executor.error();
    all.emplace(entry.name, std::move(*executor));
  }
  return all;
}

StrategyFinder make_strategy_finder(const StatePaths& paths) {
  return external::strategy_finder([paths](const std::string& study) {
    return paths.study(study) + "/" + std::string(strategy_log_name);
  });
}

std::unique_ptr<spool::Spool> start_spool(boost::asio::io_context& io, const StatePaths& paths,
                                          http::Server& server, Log& log) {
  spool::Spool::Config config{.root = paths.spool()};
  config.ask = [&server](spool::AsHttp request, spool::Spool::Answer answer) {
    const auto method = request.is_post ? http::Method::post : http::Method::get;
    server.answer(method, std::move(request.target), std::move(request.body),
                  [answer = std::move(answer)](http::Response response) {
                    answer({.status = response.status, .body = std::move(response.body)});
                  });
  };
  config.log = [&log](std::string_view level, const std::string& line) { log.write(level, line); };
  return spool::Spool::start(io, std::move(config));
}

}  // namespace hpo::daemon
