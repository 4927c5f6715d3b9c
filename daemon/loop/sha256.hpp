// SHA-256, by OpenSSL. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/result.hpp"

namespace hpo::loop {

// 64 lower-case hexadecimal digits. Error: internal if the library fails.
Result<std::string> sha256_hex(std::string_view bytes);

}  // namespace hpo::loop
