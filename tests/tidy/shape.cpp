// Line counts and a brace matcher.
#include "tests/tidy/shape.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

namespace hpo::tidy {
namespace {

int line_count(std::string_view text) { return static_cast<int>(lines_of(text).size()); }

// Characters, not bytes: continuation bytes of UTF-8 do not count.
int width_of(std::string_view line) {
  return static_cast<int>(std::count_if(line.begin(), line.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

// "template <class T> " in front of a declaration says "class" and opens none.
std::string without_template(std::string header) {
  while (header.starts_with("template")) {
    int depth = 0;
    std::size_t i = header.find('<');
    if (i == std::string::npos) break;
    for (; i < header.size(); ++i) {
      if (header[i] == '<') ++depth;
      if (header[i] == '>' && --depth == 0) break;
    }
    header = trimmed(std::string_view(header).substr(std::min(i + 1, header.size())));
  }
  return header;
}

// Finds functions where they can be: in namespaces and classes, not inside of other functions.
class FunctionFinder {
 public:
  explicit FunctionFinder(std::string_view code) : code_(code) {}

  std::vector<Function> functions() {
    std::size_t start = 0;  // of the declaration that we are in
    for (std::size_t i = 0; i < code_.size(); ++i) {
      const char c = code_[i];
      if (c == ';' || c == '}') start = i + 1;
      if (is_access_label(i)) start = i + 1;
      if (c != '{') continue;
      const std::string header = without_template(trimmed(code_.substr(start, i - start)));
      if (opens_scope(header)) {
        start = i + 1;
        continue;
      }
      const std::size_t close = matching(i);
      if (!is_member_initializer(header, close)) {
        if (header.find('(') != std::string::npos) add(start, close);
        start = close + 1;
      }
      i = close;
    }
    return std::move(functions_);
  }

 private:
  static bool opens_scope(const std::string& header) {
    static const std::regex scope(R"(^(\[\[\w+\]\]|inline|static|typedef|constexpr|export|\s)*)"
                                  R"((namespace|class|struct|union|extern)\b)");
    const bool is_scope = std::regex_search(header, scope);
    const bool is_function = !header.empty() && header.back() == ')';  // struct tm now() {
    return is_scope && !is_function;
  }

  bool is_access_label(std::size_t i) const {
    if (code_[i] != ':') return false;
    for (const std::string_view label : {"public", "private", "protected"}) {
      if (i >= label.size() && code_.substr(i - label.size(), label.size()) == label) return true;
    }
    return false;
  }

  std::size_t matching(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < code_.size(); ++i) {
      if (code_[i] == '{') ++depth;
      if (code_[i] == '}' && --depth == 0) return i;
    }
    return code_.size() - 1;
  }

  // Foo() : a_{1}, b_{2} { … }: the first braces are not the body.
  bool is_member_initializer(const std::string& header, std::size_t close) const {
    if (header.find('(') == std::string::npos) return false;
    const std::size_t next = code_.find_first_not_of(" \n\t", close + 1);
    return next != std::string_view::npos && (code_[next] == ',' || code_[next] == '{');
  }

  void add(std::size_t start, std::size_t close) {
    const std::size_t first = code_.find_first_not_of(" \n\t", start);
    const int first_line = line_of(code_, first);
    functions_.push_back({first_line, line_of(code_, close) - first_line + 1});
  }

  std::string_view code_;
  std::vector<Function> functions_{};
};

}  // namespace

Findings check_file_length(const Source& source) {
  const int lines = line_count(source.text);
  if (lines <= file_lines_max) return {};
  return {{source.path, 0, std::to_string(lines) + " lines; the limit is " +
           std::to_string(file_lines_max) + ": give a part of it a file and a name of its own"}};
}

Findings check_columns(const Source& source) {
  Findings findings;
  int number = 0;
  for (const std::string_view line : lines_of(source.text)) {
    ++number;
    if (width_of(line) <= columns_max) continue;
    findings.push_back({source.path, number, std::to_string(width_of(line)) +
                        " columns; break the line at " + std::to_string(columns_max)});
  }
  return findings;
}

Findings check_head_comment(const Source& source) {
  if (source.text.starts_with("//") || source.text.starts_with("/*")) return {};
  return {{source.path, 1, "no head comment: begin with what this is for, why, which thread"}};
}

Findings check_function_lengths(const Source& source) {
  Findings findings;
  for (const Function& function : functions_of(source)) {
    if (function.lines <= function_lines_max) continue;
    findings.push_back({source.path, function.first_line, "a function of " +
                        std::to_string(function.lines) + " lines; the limit is " +
                        std::to_string(function_lines_max) + ": name its steps as functions"});
  }
  return findings;
}

std::vector<Function> functions_of(const Source& source) {
  return FunctionFinder(source.code).functions();
}

Findings check_readme(const Source& readme) {
  const int limit = readme.path == "README.md" ? top_readme_lines_max : readme_lines_max;
  const int lines = line_count(readme.text);
  if (lines <= limit) return {};
  return {{readme.path, 0, std::to_string(lines) + " lines; the limit is " +
           std::to_string(limit) + ": keep what a newcomer needs, drop the rest"}};
}

Findings check_readmes_exist(const std::vector<std::string>& paths) {
  std::set<std::string> folders;
  for (const std::string& path : paths) folders.insert(path.substr(0, path.rfind('/')));
  Findings findings;
  for (const std::string& folder : folders) {
    const std::string readme = folder + "/README.md";
    if (std::find(paths.begin(), paths.end(), readme) != paths.end()) continue;
    findings.push_back({readme, 0, "is missing: say in a few lines what is here that the names do "
                                   "not tell, and how to add one"});
  }
  return findings;
}

}  // namespace hpo::tidy
