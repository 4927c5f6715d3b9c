// The daemon's REST API, by its Unix socket or by TCP: one call at a time, each with a deadline.
//
// A POST carries a fresh idempotency key and is sent once more if the connection breaks, so a
// command is carried out once however often it is sent. Of a daemon that takes long to answer it
// says once who is waited for. Main thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/answer.hpp"
#include "cli/command.hpp"
#include "cli/endpoint.hpp"
#include "cli/way.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli {

struct Reply {
  int status = 200;
  std::string body{};
  json::Node json{};
};

class ApiClient {
 public:
  static constexpr int reply_wait_s = 30;         // longest silence before we give up
  static constexpr std::size_t body_bytes_max = 256U << 20U;

  // Failure: unreachable, authentication (another user's socket). By TCP both show in a call.
  static Answer<ApiClient> connect(Way way);

  ApiClient(ApiClient&&) noexcept;
  ApiClient& operator=(ApiClient&&) noexcept;
  ~ApiClient();

  // A 2xx reply; everything else is a Failure with the daemon's own words.
  Answer<Reply> get(const std::string& target, int extra_wait_s = 0);
  Answer<Reply> post(const std::string& target, const std::string& body, int extra_wait_s = 0);

  // Says that in another way than by note().
  using Teller = std::function<void(const std::string&)>;
  void tell_by(Teller tell);

  int daemon_pid() const;  // as the kernel tells it, not as a file says

 private:
  struct Connection;
  struct Request;
  explicit ApiClient(std::unique_ptr<Connection> connection);
  Answer<Reply> call(const Request& request);

  std::unique_ptr<Connection> connection_;
};

// The client of the daemon that serves this state directory; never starts one. With the path of a
// file of `hpo token`: of the daemon that made it, wherever that is.
Answer<ApiClient> connect(const Context& context, const std::string& connect_file = {});

std::string study_target(std::string_view study);             // /v1/studies/NAME
std::string trial_target(std::string_view study, int trial);  // …/trials/N

}  // namespace hpo::cli
