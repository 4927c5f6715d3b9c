// Texts as execve takes them.
#pragma once

#include <string>
#include <vector>

namespace hpo::runner {

// Ended by a null pointer. REQUIRES: `texts` outlives it, unchanged. Any thread.
inline std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

}  // namespace hpo::runner
