// See text.hpp.
#include "executors/runner/text.hpp"

#include <string.h>

namespace hpo::runner {

std::string cleaned(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool is_control = (c >= 0 && c < ' ') || c == 0x7f;
    if (c == '\r') {
      if (!out.empty() && out.back() != '\n') out += '\n';
    } else if (c == '\n' && !out.empty() && out.back() == '\n') {
      continue;  // empty lines cost space and tell nothing
    } else {
      out += is_control && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

std::string excerpt(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return cleaned(text);
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0U) == 0x80U) {
    --bytes_max;  // not in the middle of a character
  }
  return cleaned(text.substr(0, bytes_max)) + "…";
}

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(number);
}

}  // namespace hpo::runner
