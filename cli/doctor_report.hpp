// The steps of `hpo doctor` as they are taken: a line for each, or one document at the end.
//
// Main thread.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace hpo::cli {

enum class Finding { ok, note, failed };

class DoctorReport {
 public:
  DoctorReport(bool as_json, const Terminal& terminal) : as_json_(as_json), terminal_(terminal) {}

  void ok(const std::string& step, const std::string& text) { add(Finding::ok, step, text, {}); }
  void note(const std::string& step, const std::string& text, const std::string& remedy = {}) {
    add(Finding::note, step, text, remedy);
  }
  void failed(const std::string& step, const std::string& text, const std::string& remedy) {
    add(Finding::failed, step, text, remedy);
  }

  bool has_failed() const;

  // The document, if that was asked for. The exit code: ok, or error if a step failed.
  ExitCode finish() const;

 private:
  struct Step {
    Finding finding = Finding::ok;
    std::string name{};
    std::string text{};
    std::string remedy{};
  };

  void add(Finding finding, const std::string& step, const std::string& text,
           const std::string& remedy);

  bool as_json_;
  Terminal terminal_;
  std::vector<Step> steps_{};
};

}  // namespace hpo::cli
