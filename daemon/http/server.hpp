// The REST server on a Unix socket, and by TCP if it was asked for: what main wires. No Beast here.
//
// Threads: everything runs on the thread that runs `io`, which must be ONE (it is the strand of
// all connections); reads run on a thread that the server owns. The CommandSink may call back from
// any thread, as long as `io` lives; it may outlive the server.
//
//   auto server = http::Server::make(io, {.socket_path = …}, engine,
//                                    [&] { return store::Reader::open(paths.database()); });
//   …                                   // SIGTERM, on the io thread:
//   (*server)->stop([&] { … });         // accepts nothing more, lets requests finish ≤ 5 s
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/http/limits.hpp"
#include "daemon/http/message.hpp"
#include "daemon/loop/commands.hpp"
#include "daemon/store/reader.hpp"
#include "schema/decode/decode.hpp"
#include "schema/tcp_address.hpp"

namespace boost::asio {
class io_context;
}

namespace hpo::http {

// A TCP socket that listens before anything is served: what is said of tokens needs its port.
struct TcpDoor {
  int fd = -1;
  TcpAddress address{};
  std::string pem{};           // certificate and key
};
Result<TcpDoor> open_tcp_door(const TcpAddress& address, std::string pem);  // see listener.hpp

struct ServerConfig {
  std::string socket_path{};   // its directory has mode 0700, or is made so
  std::string state_dir{};     // logs are read below it
  std::string version{};
  std::string build{};
  Limits limits{};
  Profiles profiles{};         // of hpod.json
  std::optional<TcpDoor> tcp{};  // nullopt: nobody is let in by TCP
  uid_t uid = no_uid;          // the only user who may connect; no_uid: the daemon's own
  static constexpr uid_t no_uid = static_cast<uid_t>(-1);
};

using OpenReader = std::function<Result<std::unique_ptr<store::Reader>>()>;

class Server {
 public:
  // Listens when it returns. Error: see listener.hpp, and what OpenReader says.
  static Result<std::unique_ptr<Server>> make(boost::asio::io_context& io, ServerConfig config,
                                              loop::CommandSink& sink,
                                              const OpenReader& open_reader);
  virtual ~Server() = default;  // closes at once what stop() has not ended

  // On the io thread. A socket file that somebody removed is made anew; open connections stay.
  virtual void listen_again_if_lost() = 0;

  // On the io thread. A request that came as a file: it is answered as one that came by the socket.
  virtual void answer(Method method, std::string target, std::string body, Respond respond) = 0;

  // On the io thread. `stopped` is called there, once, when the last connection is gone.
  virtual void stop(std::function<void()> stopped) = 0;
};

}  // namespace hpo::http
