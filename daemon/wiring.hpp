// From the configuration to what the loop and the executors are given. Main thread, at the start.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/config.hpp"
#include "daemon/http/server.hpp"
#include "daemon/log.hpp"
#include "daemon/loop/jobs.hpp"
#include "daemon/loop/loop_config.hpp"
#include "daemon/loop/threads.hpp"
#include "daemon/spool/spool.hpp"
#include "schema/paths.hpp"
#include "strategies/strategy.hpp"

namespace hpo::daemon {

// The way in for workers on other machines, if hpod.json opens one. Nothing is served yet.
struct Entrance {
  std::optional<http::TcpDoor> door{};
  std::string address{};      // "10.0.0.5:4711"; empty without a door, as the next
  std::string fingerprint{};  // SHA-256 of the certificate
  std::string job_secret{};   // what tokens of worker jobs are made from
};
Result<Entrance> open_entrance(const Config& config, const StatePaths& paths);

// `build`: of this program; main.cpp alone knows it, so that a commit does not rebuild the rest.
loop::LoopConfig loop_config(const Config& config, const StatePaths& paths,
                             const Entrance& entrance, const std::string& build);

// One of each in the house. `installation` is the store's; threads and log must outlive them.
Result<loop::Executors> make_executors(const Config& config, const StatePaths& paths,
                                       const std::string& installation, loop::Threads& threads,
                                       Log& log);

// Those of the house, and users' own programs.
StrategyFinder make_strategy_finder(const StatePaths& paths);

// Requests that come as files are answered by the server. Server and log must outlive it.
std::unique_ptr<spool::Spool> start_spool(boost::asio::io_context& io, const StatePaths& paths,
                                          http::Server& server, Log& log);

}  // namespace hpo::daemon
