// The words behind a verb: each verb binds its own variables, then parses.
//
//   std::string study;
//   arguments.positional("STUDY", study, "its name");
//   if (const auto exit = arguments.parse()) return *exit;
//
// CLI11 reads them; it stays in arguments.cpp, so that a verb compiles in a second and only the
// verb that was typed is ever built.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace hpo::cli {

struct WholeRange {
  int least = 0;
  int most = 2'000'000'000;  // included; this one means "no limit of its own"
};

class Arguments {
 public:
  Arguments(const Command& command, std::vector<std::string> words, const Terminal& terminal);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  Arguments& positional(const char* name, std::string& value, const char* help);
  Arguments& optional_positional(const char* name, std::string& value, const char* help);
  // One word or more; or none.
  Arguments& list(const char* name, std::vector<std::string>& values, const char* help);
  Arguments& optional_list(const char* name, std::vector<std::string>& values, const char* help);

  Arguments& flag(const char* names, bool& value, const char* help);  // "--yes" or "-f,--follow"
  Arguments& option(const char* names, const char* value_name, std::string& value,
                    const char* help);
  // Given or not, where an empty word is one, too.
  Arguments& option(const char* names, const char* value_name, std::optional<std::string>& value,
                    const char* help);
  // Refused outside of the range, and told which it is.
  Arguments& option(const char* names, const char* value_name, std::optional<int>& value,
                    WholeRange range, const char* help);
  Arguments& json_flag(bool& value);
  Arguments& closing(const char* text);  // the last lines of its help

  // nullopt: go on. Otherwise help was printed, or the mistake told on stderr.
  std::optional<ExitCode> parse();

  // "hpo: MESSAGE", the usage line and how to see more. Returns ExitCode::usage.
  ExitCode usage_error(const std::string& message) const;

 private:
  struct Parser;
  struct Entry { std::string left{}; std::string help{}; bool is_option = false; };

  void note_study(std::string_view name, const std::string& value);
  std::optional<ExitCode> refuse_trial() const;
  void join_negative_values();
  std::string usage() const;
  std::string help() const;

  const Command& command_;
  std::vector<std::string> words_;
  const Terminal& terminal_;
  std::vector<Entry> entries_{};
  std::vector<std::string> valued_{};  // long options that take a word
  std::string closing_{};
  std::string positionals_{};  // as the usage line shows them
  const std::string* study_ = nullptr;  // the word of a verb that takes a study and no trial
  std::unique_ptr<Parser> parser_;
};

}  // namespace hpo::cli
