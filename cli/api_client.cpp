// The daemon's REST API, by Beast; its exceptions end here.
#include "cli/api_client.hpp"

#include <sys/random.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "cli/output.hpp"
#include "cli/problem.hpp"
#include "cli/silence.hpp"
#include "cli/stream.hpp"
#include "cli/text.hpp"

namespace hpo::cli {
namespace {

namespace http = boost::beast::http;
using ErrorValue = boost::system::error_code;

std::string fresh_key() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return {};
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string key = "hpo-";
  for (const unsigned char byte : bytes) {
    key += digits[byte >> 4U];
    key += digits[byte & 0xFU];
  }
  return key;
}

Failure failure_of_connect(const Error& error) {
  const bool is_foreign = error.code == ErrorCode::invalid_argument;
  return Failure{.exit_code = is_foreign ? ExitCode::authentication : ExitCode::unreachable,
                 .error = error, .details = {}};
}

// Somebody else listens there, or the daemon has a new certificate. The token was not sent.
Failure failure_of_another(const std::string& host) {
  return Failure{.exit_code = ExitCode::authentication,
                 .error = {ErrorCode::conflict, "whoever answers is not the daemon of this file: "
                           "its certificate is another", host,
                           "if hpod has a new one, make a new file there: hpo token STUDY"},
                 .details = {}};
}

// By TCP: a closed port, a network that swallows what is sent, or a stranger who says nothing.
Failure failure_of_silence(const std::string& host, const ErrorValue& error) {
  const bool is_silent = error == boost::asio::error::timed_out;
  return Failure{.exit_code = ExitCode::unreachable,
                 .error = {ErrorCode::unavailable,
                           "nobody answers there" + (is_silent ? "" : ": " + error.message()), host,
                           "where hpod runs, type: hpo daemon status"},
                 .details = {}};
}

Failure failure_of_transport(const ErrorValue& error, const std::string& target) {
  if (error == boost::asio::error::interrupted) {
    return Failure{.exit_code = ExitCode::interrupted,
                   .error = {ErrorCode::unavailable, "interrupted", {}, "hpo status"},
                   .details = {}};
  }
  const bool is_slow = error == boost::asio::error::timed_out;
  return Failure{.exit_code = is_slow ? ExitCode::temporary : ExitCode::unreachable,
                 .error = {.code = ErrorCode::unavailable,
                           .what = is_slow ? "the daemon did not answer in time"
                                           : "the daemon's connection broke: " + error.message(),
                           .where = target, .remedy = "hpo daemon status"},
                 .details = {}};
}

}  // namespace

struct ApiClient::Connection {
  Way way{};
  Stream stream{};
  boost::beast::flat_buffer buffer{};
  Teller tell = [](const std::string& text) { note(text); };
  bool is_silence_told = false;

  void tell_silence() {
    if (std::exchange(is_silence_told, true)) return;
    tell(silence_text(way, runner::find_process(stream.peer_pid())));
  }
};

struct ApiClient::Request {
  http::request<http::string_body> message{};
  int wait_s = reply_wait_s;

  Request(http::verb verb, const std::string& target) : message(verb, target, 11) {
    message.set(http::field::accept, "application/json");
  }

  void address_to(const Way& way) {
    message.set(http::field::host, way.host());
    if (way.remote) message.set(http::field::authorization, way.authorization());
  }

  // One attempt: sends and reads.
  ErrorValue exchange(Connection& connection, Reply& reply) const {
    ErrorValue error;
    connection.buffer.consume(connection.buffer.size());
    connection.stream.expires_after(std::chrono::seconds(wait_s));
    connection.stream.remark_after(std::chrono::seconds(wait_s - reply_wait_s) + silence_max,
                                   [&connection] { connection.tell_silence(); });
    http::write(connection.stream, message, error);
    if (error) return error;
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_bytes_max);
    http::read(connection.stream, connection.buffer, parser, error);
    if (error) return error;
    reply.status = static_cast<int>(parser.get().result_int());
    if (!parser.get().keep_alive()) connection.stream.close();
    reply.body = std::move(parser.get().body());
    return error;
  }
};

ApiClient::ApiClient(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
ApiClient::ApiClient(ApiClient&&) noexcept = default;
ApiClient& ApiClient::operator=(ApiClient&&) noexcept = default;
ApiClient::~ApiClient() = default;

void ApiClient::tell_by(Teller tell) { connection_->tell = std::move(tell); }

int ApiClient::daemon_pid() const { return connection_->stream.peer_pid(); }

Answer<ApiClient> ApiClient::connect(Way way) {
  auto stream = Stream::connect(way);
  if (!stream) return failure_of_connect(stream.error());
  auto connection = std::make_unique<Connection>();
  connection->way = std::move(way);
  connection->stream = *std::move(stream);
  return ApiClient(std::move(connection));
}

Answer<Reply> ApiClient::call(const Request& request) {
  Reply reply;
  ErrorValue error = boost::asio::error::not_connected;
  for (int attempt = 0; attempt < 2 && error; ++attempt) {  // once more if the connection broke
    if (attempt > 0) connection_->stream.close();
    if (!connection_->stream.is_open()) {
      auto stream = Stream::connect(connection_->way);
      if (!stream) return failure_of_connect(stream.error());
      connection_->stream = *std::move(stream);
    }
    error = request.exchange(*connection_, reply);
    if (connection_->stream.is_of_another()) return failure_of_another(connection_->way.host());
    if (error == boost::asio::error::timed_out || error == boost::asio::error::interrupted) break;
  }
  if (error) {
    const bool is_met = connection_->stream.is_met();
    connection_->stream.close();
    if (!is_met && error != boost::asio::error::interrupted) {
      return failure_of_silence(connection_->way.host(), error);
    }
    return failure_of_transport(error, std::string(request.message.target()));
  }
  auto parsed = json::parse(reply.body, {.bytes_max = body_bytes_max, .depth_max = 64,
                                         .comments = false, .non_finite = false});
  reply.json = std::move(parsed.root);
  if (reply.status >= 200 && reply.status <= 299) return reply;
  return failure_of_problem(reply.status, reply.json, connection_->way.remote);
}

Answer<Reply> ApiClient::get(const std::string& target, int extra_wait_s) {
  Request request(http::verb::get, target);
  request.address_to(connection_->way);
  request.wait_s += extra_wait_s;
  return call(request);
}

Answer<Reply> ApiClient::post(const std::string& target, const std::string& body,
                              int extra_wait_s) {
  Request request(http::verb::post, target);
  request.address_to(connection_->way);
  request.wait_s += extra_wait_s;
  request.message.set(http::field::content_type, "application/json");
  request.message.set("Idempotency-Key", fresh_key());
  request.message.body() = body;
  request.message.prepare_payload();
  return call(request);
}

Answer<ApiClient> connect(const Context& context, const std::string& connect_file) {
  if (!connect_file.empty()) {
    auto remote = read_connect_file(connect_file);
    if (!remote) return remote.failure();
    return ApiClient::connect({.socket = {}, .remote = *std::move(remote)});
  }
  auto endpoint = read_endpoint();
  if (!endpoint) return endpoint.failure();
  if (!is_on(*endpoint, this_host())) return other_host(*endpoint, context.typed);
  return ApiClient::connect({.socket = endpoint->socket, .remote = {}});
}

std::string study_target(std::string_view study) { return "/v1/studies/" + url_encoded(study); }

std::string trial_target(std::string_view study, int trial) {
  return study_target(study) + "/trials/" + std::to_string(trial);
}

}  // namespace hpo::cli
