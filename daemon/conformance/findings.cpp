// See findings.hpp.
#include "daemon/conformance/findings.hpp"

#include <algorithm>

namespace hpo::conformance {

void Findings::add(Check check, const std::string& space, const std::string& failure) {
  Entry& entry = entries_[check];
  ++entry.spaces;
  if (failure.empty()) return;
  if (!entry.failure.empty()) {
    ++entry.more;
    return;
  }
  entry.failed_space = space;
  entry.failure = failure;
}

void Findings::add_refusal(const std::string& space, const std::string& why) {
  refusals_.push_back(space);
  refusal_ = why;
}

bool Findings::are_good() const {
  return !entries_.empty() && std::ranges::all_of(entries_, [](const auto& each) {
    return each.second.failure.empty();
  });
}

std::string Findings::text() const {
  std::string text;
  for (const CheckText& check : checks) {
    const auto found = entries_.find(check.check);
    const std::string title(check.title);
    if (found == entries_.end()) {
      text += "-       " + title + ": not tried\n";
      continue;
    }
    const Entry& entry = found->second;
    if (entry.failure.empty()) {
      text += "ok      " + title + " (" + std::to_string(entry.spaces) + ")\n";
      continue;
    }
    text += "failed  " + title + "\n        space: " + entry.failed_space +
            (entry.more > 0 ? ", and " + std::to_string(entry.more) + " more" : "") +
            "\n        found: " + entry.failure + "\n        mend:  " + std::string(check.mend) +
            "\n";
  }
  if (refusals_.empty()) return text;
  text += "refused " + std::to_string(refusals_.size()) + " spaces (";
  for (std::size_t i = 0; i < refusals_.size(); ++i) text += (i == 0 ? "" : "; ") + refusals_[i];
  return text + ")\n        it says: " + refusal_ + "\n";
}

}  // namespace hpo::conformance
