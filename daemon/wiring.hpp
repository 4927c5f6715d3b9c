// From the configuration to what the loop and the executors are given. Main thread, at the start.
#pragma once

#include <memory>
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

// `build`: of this program; main.cpp alone knows it, so that a commit does not rebuild the rest.
loop::LoopConfig loop_config(const Config& config, const StatePaths& paths,
                             const std::string& build);

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
