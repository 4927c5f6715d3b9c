// Problems found in one text: collected in any order, kept by position, bounded in number.
//
// Codes are called by name inside the decoder (Code::unknown_key); problems.def maps names to
// texts. Values, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/decode/decode.hpp"

namespace hpo::decode {

enum class Code {
#define HPO_PROBLEM(code, name, title, explanation) name,
#include "schema/decode/problems.def"
#undef HPO_PROBLEM
};

std::string_view code_text(Code code);  // "HPO-E0104"

// What is wrong, without its place: the cursor knows that.
struct Finding {
  Code code{};
  std::string message{};
  std::string suggestion{};  // a word to write instead, or a sentence that says how to mend it
  std::string note{};        // "known keys: …"
};

class Problems {
 public:
  explicit Problems(std::size_t kept_max) : kept_max_(kept_max) {}

  void add(const json::Position& at, std::string pointer, Finding finding);
  void add(Problem problem);

  // Of the text itself: whatever is found later in the same place counts, but is not told, since
  // a stand-in is there instead of what was written.
  void add_final(Problem problem);
  void add_unseen(int count) { dropped_ += count; }

  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }

  // Hands the problems over, with line and column in `text`.
  void finish(std::string_view text, DecodedStudy& out) &&;

 private:
  std::size_t kept_max_;
  std::size_t errors_ = 0;
  int dropped_ = 0;
  std::vector<Problem> kept_{};  // by position
  std::vector<json::Position> final_{};
};

}  // namespace hpo::decode
