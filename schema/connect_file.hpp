// What a worker on another machine needs to reach the daemon: where it is, how it is known, and
// the token that lets the worker in. `hpo token` writes it, `hpo worker --connect` reads it.
//
// A secret: files that hold it have mode 0600. Pure, any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "schema/tcp_address.hpp"

namespace hpo {

// "hpo_w_" and 64 hexadecimal digits: a prefix that scanners for secrets can look for.
using TokenBytes = std::array<unsigned char, 32>;
std::string worker_token(const TokenBytes& bytes);
bool is_worker_token(std::string_view text);

// 64 lower-case hexadecimal digits: of a certificate or of a token.
bool is_sha256(std::string_view text);

struct ConnectFile {
  TcpAddress address{};
  std::string fingerprint{};  // SHA-256 of the daemon's certificate
  std::string study{};        // the only one that the token opens
  std::string token{};
  std::string path{};         // where it was read, for whoever has to mend it; not in the file
};

std::string to_json(const ConnectFile& file);

// `where` is the file's path. Error: corrupt, or that of an address that is none.
Result<ConnectFile> connect_file_from(std::string_view text, std::string_view where);

}  // namespace hpo
