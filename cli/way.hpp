// How the daemon is reached: by its socket on this host, or by TCP with a file of `hpo token`.
#pragma once

#include <optional>
#include <string>

#include "cli/answer.hpp"
#include "schema/connect_file.hpp"

namespace hpo::cli {

struct Way {
  std::string socket{};
  std::optional<ConnectFile> remote{};  // instead of the socket

  std::string host() const { return remote ? remote->address.text() : "localhost"; }
  std::string authorization() const { return remote ? "Bearer " + remote->token : ""; }
};

// Failure: usage if there is no such file, others may read it, or it is damaged.
Answer<ConnectFile> read_connect_file(const std::string& path);

}  // namespace hpo::cli
