// Which way leads from this worker to the daemon: its socket, TCP, or files.
//
//   --connect FILE   TCP; where nobody answers there, files
//   --spool DIR      files
//   neither          on the daemon's host its socket; where that does not reach, TCP, if there is a
//                    --else-connect FILE (worker jobs have one), then files
//
// Files: --spool, else those of this machine's state directory if they are the same daemon's. The
// first way on which anybody answers is chosen. Later there is one turn at most, from TCP to files
// (WorkerLoop says when), and none back: there is one request at a time, and what was told by TCP
// the daemon knows by trial and fence. One thread.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/api_client.hpp"
#include "cli/command.hpp"
#include "cli/worker/spool_channel.hpp"
#include "schema/connect_file.hpp"

namespace hpo::cli::worker {

struct RoadWish {
  std::string study{};
  std::string worker{};                  // this process
  std::optional<ConnectFile> remote{};   // --connect
  std::string spool{};                   // --spool, absolute
  std::string else_connect{};            // --else-connect
};

class Road {
 public:
  Road(RoadWish wish, const Context& context) : wish_(std::move(wish)), context_(context) {}

  // The body of the answer about the study's work, or about the study. A token reaches the work
  // alone. Chooses the way, if that has not been done.
  Answer<std::string> ask(SpoolVerb verb);

  // A daemon may have been here, so one that does not answer is worth asking again.
  bool may_lead_somewhere() const;

  // For the exchanges; valid as long as this. REQUIRES: ask() has been answered
  Transport& transport();

  // Set if the daemon's paths need not mean anything here: by a file that somebody has brought.
  const std::optional<ConnectFile>& remote() const { return wish_.remote; }

 private:
  enum class Way { socket, tcp, files };

  std::vector<Way> ways(const Answer<Endpoint>& endpoint) const;
  std::string spool_root(const Answer<Endpoint>& endpoint) const;
  Answer<std::string> ask_by(Way way, SpoolVerb verb);
  Answer<std::string> ask_daemon(Answer<ApiClient> client, SpoolVerb verb, bool by_token);
  Answer<std::string> ask_in_spool(SpoolVerb verb);
  Answer<ConnectFile> connect_file() const;
  SpoolChannel& spool(const std::string& root);
  bool leads_nowhere(Way way, const Failure& failure) const;
  void tell(Way way, const Answer<Endpoint>& endpoint);

  RoadWish wish_{};
  const Context& context_;
  std::chrono::steady_clock::time_point first_asked_ = std::chrono::steady_clock::now();
  std::optional<Way> chosen_{};
  std::set<Way> told_{};
  std::string why_not_{};                 // by TCP
  std::optional<ConnectFile> file_{};     // with which TCP was tried
  std::unique_ptr<SpoolChannel> spool_{};
  std::unique_ptr<Transport> transport_{};
};

}  // namespace hpo::cli::worker
