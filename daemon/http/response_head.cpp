// See response_head.hpp.
#include "daemon/http/response_head.hpp"

#include <ostream>  // the next one needs it and does not say so

#include <boost/beast/http/status.hpp>

namespace hpo::http {

std::string head_of(const Response& response, bool keep_alive) {
  const auto reason = boost::beast::http::obsolete_reason(
      boost::beast::http::int_to_status(static_cast<unsigned>(response.status)));
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
  text.append(reason.data(), reason.size()).append("\r\nContent-Type: ");
  text.append(response.content_type).append("\r\nCache-Control: no-store\r\n");
  if (!response.allow.empty()) text.append("Allow: ").append(response.allow).append("\r\n");
  if (response.status == 401) text.append("WWW-Authenticate: Bearer\r\n");  // RFC 9110 §11.6.1
  if (response.retry_after_s > 0) {
    text.append("Retry-After: ").append(std::to_string(response.retry_after_s)).append("\r\n");
  }
  if (!keep_alive) text.append("Connection: close\r\n");
  return text.append("Content-Length: ").append(std::to_string(response.body.size()))
      .append("\r\n\r\n");
}

}  // namespace hpo::http
