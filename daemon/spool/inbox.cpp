// See inbox.hpp. Every file is opened below the directory's descriptor, without following links.
#include "daemon/spool/inbox.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"

namespace hpo::spool {
namespace {

using runner::Fd;

constexpr mode_t open_to_others = 0077;

Error not_ours(const std::string& path) {
  return Error{ErrorCode::conflict, "the directory of the spool is not this user's alone", path,
               "remove it; the daemon makes it anew, of mode 0700"};
}

bool is_own_directory(const struct stat& status) {
  return S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & open_to_others) == 0;
}

std::string mark_in(const SpoolPaths& paths) { return paths.root + "/junk-told"; }

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// nullopt with errno: it cannot be read to its end.
std::optional<std::string> text_of(int fd, std::size_t bytes) {
  std::string text(bytes, '\0');
  std::size_t size = 0;
  while (size < bytes) {
    const ssize_t count = ::read(fd, text.data() + size, bytes - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

}  // namespace

struct Inbox::Directory {
  struct Close {
    void operator()(DIR* stream) const { ::closedir(stream); }
  };
  Fd fd{};
  std::unique_ptr<DIR, Close> stream{};

  // False: it was stopped by `names_max`.
  bool each(std::size_t names_max, const std::function<void(const std::string&)>& see) const {
    ::rewinddir(stream.get());
    for (std::size_t count = 0; const dirent* entry = ::readdir(stream.get());) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (++count > names_max) return false;
      see(name);
    }
    return true;
  }
};

Result<void> Inbox::open(Directory& directory, const std::string& path) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  directory.fd = Fd(::open(path.c_str(), flags));
  if (!directory.fd && errno == ENOENT) {
    // Not what is above: a state directory that somebody removed stays removed.
    for (const std::string& each : {paths_.root, paths_.requests(), paths_.answers()}) {
      ::mkdir(each.c_str(), 0700);
    }
    directory.fd = Fd(::open(path.c_str(), flags));
  }
  struct stat status{};
  if (!directory.fd || ::fstat(directory.fd.get(), &status) != 0) {
    return runner::file_error("the spool cannot be read", path, errno);
  }
  if (!is_own_directory(status)) return not_ours(path);
  directory.stream.reset(::fdopendir(::fcntl(directory.fd.get(), F_DUPFD_CLOEXEC, 0)));
  if (!directory.stream) return runner::file_error("the spool cannot be read", path, errno);
  return {};
}

void Inbox::refuse(const std::string& name, const std::string& why) {
  if (refused_.size() >= limits_.refused_max) refused_.clear();
  if (!refused_.insert(name).second || complained_ > limits_.complaints_max) return;
  if (was_told(name)) return;
  const bool is_last = complained_++ == limits_.complaints_max;
  complaints_.push_back(is_last ? "the spool holds more that is no request"
                                : "left alone in the spool: " + why);
  complaints_.back() += " path=\"" + paths_.requests() + (is_last ? "\"" : "/" + name + "\"");
}

// Both times are the file server's: that of the mark, and when the file got its name or its bytes.
bool Inbox::was_told(const std::string& name) {
  struct stat status{};
  if (!told_ns_) {
    const bool has_told = ::lstat(mark_in(paths_).c_str(), &status) == 0;
    told_ns_ = has_told ? nanoseconds(status.st_mtim) : 0;
  }
  const std::string path = paths_.requests() + "/" + name;
  return !name.empty() && ::lstat(path.c_str(), &status) == 0 &&
         nanoseconds(status.st_ctim) <= *told_ns_;
}

std::vector<std::string> Inbox::take_complaints() {
  if (complaints_.empty()) return {};
  const Fd mark(::open(mark_in(paths_).c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (mark) ::futimens(mark.get(), nullptr);  // now; without it the next daemon tells once more
  return std::exchange(complaints_, {});
}

// By worker, of all files that may be requests.
std::map<std::string, std::set<std::int64_t>> Inbox::numbers(const Directory& directory) {
  std::map<std::string, std::set<std::int64_t>> found;
  const bool is_whole = directory.each(limits_.names_max, [&](const std::string& text) {
    if (refused_.contains(text)) return;
    const auto name = spool_name(text);
    if (!name) {
      const bool is_being_written = spool_name(without_temporary(text)).has_value();
      if (!is_being_written) refuse(text, "no name of a request");
      return;
    }
    found[name->worker].insert(name->number);
  });
  if (!is_whole) refuse("", "more names than are read at once");
  return found;
}

bool Inbox::read(const Directory& directory, const std::string& name, std::vector<Taken>& out) {
  const Fd file(::openat(directory.fd.get(), name.c_str(),
                         O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) {
    if (errno != ENOENT) refuse(name, runner::errno_text(errno));  // else it was withdrawn
    return false;
  }
  if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) {
    refuse(name, "no regular file of this user");
    return false;
  }
  const auto bytes = static_cast<std::size_t>(status.st_size);
  if (bytes > spool_request_bytes_max) {
    refuse(name, "larger than " + std::to_string(spool_request_bytes_max) + " bytes");
    return false;
  }
  const auto text = text_of(file.get(), bytes);
  auto request = text ? spool_request(*text) : std::nullopt;
  if (!request) {
    refuse(name, text ? "its first line is no request's" : runner::errno_text(errno));
    return false;
  }
  out.push_back({.name = *spool_name(name), .request = *std::move(request)});
  return true;
}

Result<std::vector<Inbox::Taken>> Inbox::take() {
  Directory directory;
  if (auto opened = open(directory, paths_.requests()); !opened) return opened.error();
  const auto found = numbers(directory);
  std::vector<Taken> out;
  auto at = found.lower_bound(next_);
  next_.clear();
  for (std::size_t seen = 0; seen < found.size(); ++seen, ++at) {
    if (at == found.end()) at = found.begin();
    if (out.size() >= limits_.requests_max) {
      next_ = at->first;
      break;
    }
    const auto last = taken_.find(at->first);
    const std::int64_t newest = *at->second.rbegin();
    if (last != taken_.end() && newest <= last->second) continue;
    // What is none stays and is refused, and the next look sees the one before it.
    if (!read(directory, to_text({at->first, newest}), out)) continue;
    taken_[at->first] = newest;
    for (const std::int64_t older : at->second) {  // answered by nobody any more
      if (older < newest) ::unlinkat(directory.fd.get(), to_text({at->first, older}).c_str(), 0);
    }
  }
  return out;
}

void Inbox::give_back(const SpoolName& name) {
  const auto last = taken_.find(name.worker);
  if (last != taken_.end() && last->second == name.number) --last->second;
}

// A request that is repeated after a crash here is answered again: exchanges may be repeated.
Result<void> Inbox::answer(const SpoolName& name, const SpoolAnswer& answer) {
  const auto last = taken_.find(name.worker);
  if (last == taken_.end() || last->second != name.number) return {};
  const std::string home = paths_.answers(name.worker);
  struct stat status{};
  const bool is_there = ::lstat(home.c_str(), &status) == 0;
  if (is_there && is_own_directory(status)) {
    const auto written = runner::write_file(home + "/" + std::to_string(name.number),
                                            to_text(answer), runner::Sync::to_disk);
    if (!written && written.error().code != ErrorCode::not_found) {
      give_back(name);
      return written;
    }
  }
  ::unlink((paths_.requests() + "/" + to_text(name)).c_str());
  return {};
}

}  // namespace hpo::spool
