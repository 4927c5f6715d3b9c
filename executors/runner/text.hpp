// Foreign text made fit for a message: no control characters, bounded. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace hpo::runner {

// '\r' becomes a line break, tabs stay, other control characters become '?'. Bytes that are not
// UTF-8 are left to the JSON writer.
std::string cleaned(std::string_view text);

// cleaned and cut to bytes_max, with "…" where it was cut.
std::string excerpt(std::string_view text, std::size_t bytes_max);

// "SIGKILL"; "signal 40" of one without a name.
std::string signal_name(int number);

}  // namespace hpo::runner
