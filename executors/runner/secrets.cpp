// See secrets.hpp.
#include "executors/runner/secrets.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"
#include "schema/paths.hpp"

namespace hpo::runner {
namespace {

constexpr mode_t others = 077;
constexpr mode_t all_modes = 07777;

Error secret_error(const std::string& what, const std::string& path, const std::string& remedy) {
  return Error{ErrorCode::invalid_argument, what, path, remedy};
}

Error cannot_open(const std::string& name, const std::string& path, int number) {
  const std::string mend = "write the secret to " + path + ", then: chmod 600 " + path;
  if (number == ENOENT || number == ENOTDIR) {
    return Error{ErrorCode::not_found, "there is no file for the secret " + name, path,
                 mend + "; this node must see it too"};
  }
  if (number == ELOOP) {
    return secret_error("the secret " + name + " is a symbolic link", path, mend);
  }
  return secret_error("the secret " + name + " cannot be read: " + errno_text(number), path,
                      "let it belong to you, then: chmod 600 " + path);
}

std::string mode_text(mode_t mode) {
  char text[16];
  std::snprintf(text, sizeof text, "0%o", static_cast<unsigned>(mode & all_modes));
  return text;
}

// Of an open file, so that what is read is what was looked at.
Result<void> check(int fd, const std::string& name, const std::string& path) {
  struct stat found{};
  if (::fstat(fd, &found) != 0) return cannot_open(name, path, errno);
  if (!S_ISREG(found.st_mode)) {
    return secret_error("the secret " + name + " is no regular file", path,
                        "write the secret to a file of this name, then: chmod 600 " + path);
  }
  if (found.st_uid != ::geteuid()) {
    return secret_error("the secret " + name + " belongs to another user", path,
                        "remove it, write your own, then: chmod 600 " + path);
  }
  if ((found.st_mode & others) != 0) {
    return secret_error("the secret " + name + " is open to others: its mode is " +
                            mode_text(found.st_mode), path, "chmod 600 " + path);
  }
  return {};
}

Error too_large(const std::string& name, const std::string& path) {
  return secret_error("the secret " + name + " is larger than " + std::to_string(secret_bytes_max) +
                     " bytes",
                 path, "keep it in a file that the training reads itself");
}

Result<std::string> read_all(int fd, const std::string& name, const std::string& path) {
  std::string text(secret_bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(fd, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_open(name, path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > secret_bytes_max) return too_large(name, path);
  text.resize(size);
  return text;
}

Result<Fd> open_secret(const std::string& path, const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) {
    return secret_error("a secret's name is that of a variable", path, "correct \"secrets\"");
  }
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return cannot_open(name, path, errno);
  if (auto checked = check(file.get(), name, path); !checked) return checked.error();
  return file;
}

// In the configuration directory of the training's own HOME, or of this process.
Result<std::string> directory_of(const AttemptSpec& spec) {
  std::string directory = secrets_directory([&spec](const char* name) {
    const auto own = spec.environment.find(name);
    return own != spec.environment.end() ? own->second : environment_value(name);
  });
  if (!directory.empty()) return directory;
  return Error{ErrorCode::not_found, "the study's secrets cannot be found: HOME is not set here",
               "environment of the training", "set HOME in \"environment.vars\" of the study"};
}

void set(std::vector<std::string>& entries, const std::string& name, const std::string& value) {
  std::erase_if(entries, [&](const std::string& entry) { return entry.starts_with(name + "="); });
  entries.push_back(name + "=" + value);
}

}  // namespace

Result<std::string> read_secret(const std::string& directory, const std::string& name) {
  const std::string path = directory + "/" + name;
  const auto file = open_secret(path, name);
  if (!file) return file.error();
  auto text = read_all(file->get(), name, path);
  if (!text) return text;
  if (text->ends_with('\n')) text->pop_back();
  if (text->find('\0') == std::string::npos) return text;
  return secret_error("the secret " + name + " holds a zero byte, which no variable can", path,
                      "keep it in a file that the training reads itself");
}

std::vector<Error> secret_problems(const AttemptSpec& spec) {
  std::vector<Error> problems;
  if (spec.secrets.empty()) return problems;
  const auto directory = directory_of(spec);
  if (!directory) return {directory.error()};
  for (const std::string& name : spec.secrets) {
    const auto file = open_secret(*directory + "/" + name, name);
    if (!file) problems.push_back(file.error());
  }
  return problems;
}

Result<void> add_secrets(const Attempt& attempt, std::vector<std::string>& entries) {
  if (attempt.spec.secrets.empty()) return {};
  const auto directory = directory_of(attempt.spec);
  if (!directory) return directory.error();
  for (const std::string& name : attempt.spec.secrets) {
    const auto value = read_secret(*directory, name);
    if (!value) return value.error();
    set(entries, name, *value);
  }
  return {};
}

}  // namespace hpo::runner
