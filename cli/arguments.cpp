// The words behind a verb, read by CLI11; its exceptions end here.
#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/output.hpp"

namespace hpo::cli {

namespace {

// "": the word is such a number.
std::string fault_of(const std::string& word, WholeRange range) {
  int number = 0;
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, number);
  const bool is_whole = read.ec == std::errc() && read.ptr == end;
  if (is_whole && number >= range.least && number <= range.most) return {};
  const std::string from = "\"" + word + "\" is no whole number from " +
                           std::to_string(range.least);
  return from + (range.most == WholeRange{}.most ? " up" : " to " + std::to_string(range.most));
}

}  // namespace

struct Arguments::Parser {
  CLI::App app{};
};

Arguments::Arguments(const Command& command, std::vector<std::string> words,
                     const Terminal& terminal)
    : command_(command), words_(std::move(words)), terminal_(terminal),
      parser_(std::make_unique<Parser>()) {}

Arguments::~Arguments() = default;

Arguments& Arguments::positional(const char* name, std::string& value, const char* help) {
  parser_->app.add_option(name, value)->required();
  note_study(name, value);
  entries_.push_back({.left = name, .help = help, .is_option = false});
  positionals_.append(" ").append(name);
  return *this;
}

Arguments& Arguments::optional_positional(const char* name, std::string& value,
                                          const char* help) {
  parser_->app.add_option(name, value);
  note_study(name, value);
  entries_.push_back({.left = name, .help = help, .is_option = false});
  positionals_.append(" [").append(name).append("]");
  return *this;
}

Arguments& Arguments::list(const char* name, std::vector<std::string>& values, const char* help) {
  parser_->app.add_option(name, values)->required();
  entries_.push_back({.left = name, .help = help, .is_option = false});
  positionals_.append(" ").append(name).append("…");
  return *this;
}

Arguments& Arguments::optional_list(const char* name, std::vector<std::string>& values,
                                    const char* help) {
  parser_->app.add_option(name, values);
  entries_.push_back({.left = name, .help = help, .is_option = false});
  positionals_.append(" [").append(name).append("…]");
  return *this;
}

Arguments& Arguments::flag(const char* names, bool& value, const char* help) {
  parser_->app.add_flag(names, value);
  entries_.push_back({.left = names, .help = help, .is_option = true});
  return *this;
}

Arguments& Arguments::option(const char* names, const char* value_name,
                             std::optional<std::string>& value, const char* help) {
  parser_->app.add_option_function<std::string>(
      names, [&value](const std::string& given) { value = given; });
  valued_.push_back(names);
  entries_.push_back({.left = std::string(names) + " " + value_name, .help = help,
                      .is_option = true});
  return *this;
}

Arguments& Arguments::option(const char* names, const char* value_name, std::string& value,
                             const char* help) {
  parser_->app.add_option(names, value);
  valued_.push_back(names);
  entries_.push_back({.left = std::string(names) + " " + value_name, .help = help,
                      .is_option = true});
  return *this;
}

Arguments& Arguments::option(const char* names, const char* value_name, std::optional<int>& value,
                             WholeRange range, const char* help) {
  parser_->app.add_option_function<int>(names, [&value](int given) { value = given; })
      ->check([range](const std::string& word) { return fault_of(word, range); });
  entries_.push_back({.left = std::string(names) + " " + value_name, .help = help,
                      .is_option = true});
  return *this;
}

Arguments& Arguments::json_flag(bool& value) {
  return flag("--json", value, "the daemon's JSON on stdout");
}

Arguments& Arguments::closing(const char* text) {
  closing_ = text;
  return *this;
}

// "--sort -value" becomes "--sort=-value": CLI11 would take the second word for an option.
void Arguments::join_negative_values() {
  for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
    const std::string& next = words_[i + 1];
    const bool is_dashed = next.size() > 1 && next[0] == '-' && next[1] != '-';
    if (!is_dashed || std::find(valued_.begin(), valued_.end(), words_[i]) == valued_.end()) {
      continue;
    }
    words_[i] += "=" + next;
    words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
}

std::optional<ExitCode> Arguments::parse() {
  join_negative_values();
  std::vector<std::string> reversed(words_.rbegin(), words_.rend());  // as CLI11 wants them
  try {
    parser_->app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    print(help());
    return ExitCode::ok;
  } catch (const CLI::RequiredError& error) {
    const auto unknown = parser_->app.remaining();  // a misspelt option misses nothing else
    return usage_error(unknown.empty() ? error.what()
                                       : "\"" + unknown.front() + "\" was not expected");
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what());
  }
  return refuse_trial();
}

void Arguments::note_study(std::string_view name, const std::string& value) {
  if (name == "STUDY") study_ = &value;
}

std::optional<ExitCode> Arguments::refuse_trial() const {
  const std::size_t slash = study_ != nullptr ? study_->find('/') : std::string::npos;
  const bool is_trial = slash != std::string::npos && slash > 0 && study_->front() != '.';
  if (!is_trial) return std::nullopt;  // the daemon tells what is wrong with a name
  const std::string verb(command_.name);
  return usage_error("\"" + *study_ + "\" is a trial, and hpo " + verb + " takes a study: hpo " +
                     verb + " " + study_->substr(0, slash) + ", or hpo trial " + *study_);
}

std::string Arguments::usage() const {
  const bool has_options = std::any_of(entries_.begin(), entries_.end(),
                                       [](const Entry& entry) { return entry.is_option; });
  return "hpo " + std::string(command_.name) + positionals_ + (has_options ? " [options]" : "");
}

std::string Arguments::help() const {
  std::string text(command_.brief);
  text += "\n\n" + styled("Examples", Style::bold, terminal_.has_color) + "\n";
  for (std::size_t begin = 0; begin < command_.examples.size();) {
    const std::size_t end = std::min(command_.examples.find('\n', begin),
                                     command_.examples.size());
    text.append("  ").append(command_.examples.substr(begin, end - begin)).append("\n");
    begin = end + 1;
  }
  text += "\n" + styled("Usage", Style::bold, terminal_.has_color) + "  " + usage() + "\n";
  std::size_t width = 0;
  for (const Entry& entry : entries_) width = std::max(width, entry.left.size());
  for (const Entry& entry : entries_) {
    text += "  " + entry.left + std::string(width - entry.left.size() + 2, ' ') + entry.help + "\n";
  }
  if (!closing_.empty()) text += "\n" + closing_;
  return text;
}

ExitCode Arguments::usage_error(const std::string& message) const {
  return tell({.exit_code = ExitCode::usage,
               .error = {.code = ErrorCode::invalid_argument, .what = message,
                         .where = usage(),
                         .remedy = "hpo " + std::string(command_.name) + " --help"},
               .details = {}},
              terminal_);
}

}  // namespace hpo::cli
