// The head of an answer as text (RFC 9112 §4): status line, fields, empty line.
//
// Beast's serializer does the same for any message; ours are all alike, and this takes a fifth of
// its time. Any thread.
#pragma once

#include <string>

#include "daemon/http/message.hpp"

namespace hpo::http {

std::string head_of(const Response& response, bool keep_alive);

}  // namespace hpo::http
