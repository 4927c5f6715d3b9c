// How hpod speaks TLS: 1.2 and newer, one certificate, as little memory as it takes.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

#include "schema/result.hpp"

namespace hpo::http {

// `pem`: the key and the certificate. Error: invalid_argument if they are none. At start.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls(const std::string& pem);

}  // namespace hpo::http
