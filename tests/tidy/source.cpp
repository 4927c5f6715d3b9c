// A small scanner: comments, strings, raw strings, characters and preprocessor lines.
#include "tests/tidy/source.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hpo::tidy {
namespace {

constexpr std::string_view source_folders[] = {"schema", "strategies", "executors", "daemon",
                                               "cli", "tests", "examples", ".ci"};
constexpr std::string_view leftovers = "__pycache__";  // of Python; no file of ours

// Walks over the text once and blanks what the two views must not show.
class Scanner {
 public:
  explicit Scanner(const std::string& text) : text_(text), prose_(text), code_(text) {}

  void scan() {
    while (at_ < text_.size()) step();
  }
  std::string prose() { return std::move(prose_); }
  std::string code() { return std::move(code_); }

 private:
  bool starts(std::string_view what) const { return text_.compare(at_, what.size(), what) == 0; }

  void step() {
    if (starts("//")) blank_comment(end_of_line());
    else if (starts("/*")) blank_comment(after("*/", at_ + 2));
    else if (starts("R\"") && !is_word_before()) blank_string(end_of_raw());
    else if (text_[at_] == '"') blank_string(end_of_quoted('"'));
    else if (text_[at_] == '\'' && !is_word_before()) blank_string(end_of_quoted('\''));
    else if (text_[at_] == '#' && is_first_on_line()) blank_directive();
    else ++at_;
  }

  // A digit separator, or the prefix of an identifier that ends in R.
  bool is_word_before() const {
    return at_ > 0 && std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) != 0;
  }

  bool is_first_on_line() const {
    for (std::size_t i = at_; i > 0 && text_[i - 1] != '\n'; --i) {
      if (std::isspace(static_cast<unsigned char>(text_[i - 1])) == 0) return false;
    }
    return true;
  }

  std::size_t end_of_line() const { return std::min(text_.find('\n', at_), text_.size()); }

  std::size_t after(std::string_view what, std::size_t from) const {
    const std::size_t found = text_.find(what, from);
    return found == std::string::npos ? text_.size() : found + what.size();
  }

  std::size_t end_of_raw() const {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string::npos) return text_.size();
    return after(")" + text_.substr(at_ + 2, open - at_ - 2) + "\"", open);
  }

  std::size_t end_of_quoted(char quote) const {
    for (std::size_t i = at_ + 1; i < text_.size() && text_[i] != '\n'; ++i) {
      if (text_[i] == '\\') ++i;
      else if (text_[i] == quote) return i + 1;
    }
    return end_of_line();
  }

  static void blank(std::string& view, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (view[i] != '\n') view[i] = ' ';
    }
  }

  void blank_comment(std::size_t end) {
    blank(code_, at_, end);
    at_ = end;
  }

  void blank_string(std::size_t end) {
    blank(code_, at_, end);
    blank(prose_, at_, end);
    at_ = end;
  }

  // Macros have unbalanced braces; a directive goes on while its lines end in a backslash.
  void blank_directive() {
    std::size_t end = end_of_line();
    while (end < text_.size() && text_[end - 1] == '\\') end = std::min(text_.find('\n', end + 1),
                                                                       text_.size());
    blank(code_, at_, end);
    at_ = end;
  }

  const std::string& text_;
  std::string prose_;
  std::string code_;
  std::size_t at_ = 0;
};

}  // namespace

Source make_source(std::string path, std::string text) {
  Scanner scanner(text);
  scanner.scan();
  Source source{.path = std::move(path), .prose = scanner.prose(), .code = scanner.code()};
  source.text = std::move(text);
  return source;
}

std::vector<Source> read_tree(const std::string& root, const std::vector<std::string>& endings) {
  namespace fs = std::filesystem;
  std::vector<Source> sources;
  for (const std::string_view folder : source_folders) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / folder)) {
      const std::string path = fs::relative(entry.path(), root).generic_string();
      const bool is_wanted = std::any_of(endings.begin(), endings.end(),
          [&](const std::string& ending) { return path.ends_with(ending); });
      const bool is_leftover = path.find(leftovers) != std::string::npos;
      if (!entry.is_regular_file() || !is_wanted || is_leftover) continue;
      std::ifstream file(entry.path());
      sources.push_back(make_source(path, {std::istreambuf_iterator<char>(file), {}}));
    }
  }
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

int line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() +
                                         static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_below(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool is_listed(std::string_view path, const std::vector<std::string_view>& places) {
  return std::any_of(places.begin(), places.end(), [&](std::string_view place) {
    return place == path || (place.ends_with('/') && is_below(path, place));
  });
}

}  // namespace hpo::tidy
