// See problems.hpp; and the catalogue as data.
#include "schema/decode/problems.hpp"

#include <algorithm>
#include <array>

#include "schema/json/utf8.hpp"

namespace hpo {
namespace decode {
namespace {

constexpr std::array code_texts{
#define HPO_PROBLEM(code, name, title, explanation) std::string_view("HPO-" #code),
#include "schema/decode/problems.def"
#undef HPO_PROBLEM
};

bool is_before(const Problem& a, const Problem& b) { return a.at.offset < b.at.offset; }

bool is_within(const json::Position& inner, const json::Position& outer) {
  return inner.offset >= outer.offset &&
         inner.offset + inner.length <= outer.offset + outer.length;
}

}  // namespace

std::string_view code_text(Code code) { return code_texts[static_cast<std::size_t>(code)]; }

void Problems::add(const json::Position& at, std::string pointer, Finding finding) {
  const std::string_view code = code_text(finding.code);
  add(Problem{.severity = code.starts_with("HPO-W") ? Severity::warning : Severity::error,
              .code = std::string(code),
              .pointer = std::move(pointer),
              .at = at,
              .message = std::move(finding.message),
              .suggestion = std::move(finding.suggestion),
              .note = std::move(finding.note)});
}

void Problems::add_final(Problem problem) {
  const json::Position at = problem.at;
  add(std::move(problem));
  final_.push_back(at);
}

void Problems::add(Problem problem) {
  if (problem.severity == Severity::error) ++errors_;
  for (const json::Position& place : final_) {
    if (is_within(problem.at, place)) return;
  }
  kept_.insert(std::upper_bound(kept_.begin(), kept_.end(), problem, is_before),
               std::move(problem));
  if (kept_.size() <= kept_max_) return;
  kept_.pop_back();
  ++dropped_;
}

void Problems::finish(std::string_view text, DecodedStudy& out) && {
  int line = 1;
  int column = 1;
  std::size_t offset = 0;
  for (Problem& problem : kept_) {
    while (offset < std::min(problem.at.offset, text.size())) {
      const bool is_end = text[offset] == '\n';
      offset += std::max<std::size_t>(1, json::utf8_length(text, offset));
      line += is_end ? 1 : 0;
      column = is_end ? 1 : column + 1;
    }
    problem.line = line;
    problem.column = column;
  }
  out.problems = std::move(kept_);
  out.problems_more = dropped_;
}

}  // namespace decode

const std::vector<Explanation>& explanations() {
  static const std::vector<Explanation> all{
#define HPO_PROBLEM(code, name, title, explanation) {"HPO-" #code, title, explanation},
#include "schema/decode/problems.def"
#undef HPO_PROBLEM
  };
  return all;
}

const Explanation* explain(std::string_view code) {
  for (const Explanation& explanation : explanations()) {
    if (explanation.code == code || explanation.code.substr(4) == code) return &explanation;
  }
  return nullptr;
}

}  // namespace hpo
