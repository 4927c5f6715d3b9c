// See claim.hpp.
#include "executors/runner/claim.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/process_json.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t claim_bytes_max = 4096;

std::string claim_text(const Claim& claim) {
  json::Writer writer;
  writer.object().member("job", claim.job);
  write_members(writer, claim.process);
  writer.member("host", claim.host).member("identity", claim.identity);
  writer.member("native_id", claim.native_id).end();
  return std::move(writer).text() + "\n";
}

// A file of this name that is there already may have become the claim, whose author died.
Fd make_own(const std::string& path) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  Fd file(::open(path.c_str(), flags, 0600));
  if (file || errno != EEXIST) return file;
  ::unlink(path.c_str());
  return Fd(::open(path.c_str(), flags, 0600));
}

// Closed before it gets its second name: a file server then shows all of it, or nothing.
Result<void> write_own(const std::string& path, std::string_view text) {
  Fd file = make_own(path);
  if (!file) return file_error("cannot create the file", path, errno);
  const ssize_t written = ::write(file.get(), text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return {};
  const Error error = file_error("cannot write the file", path, written < 0 ? errno : ENOSPC);
  ::unlink(path.c_str());
  return error;
}

// Two names, or the claim's inode, mean that our link is the claim.
Result<bool> is_linked(int own, const std::string& claim) {
  struct stat mine{};
  struct stat theirs{};
  if (::fstat(own, &mine) != 0) return file_error("cannot look at our claim", claim, errno);
  if (mine.st_nlink == 2) return true;
  if (::stat(claim.c_str(), &theirs) != 0) {
    return file_error("cannot take the attempt's claim", claim, errno);
  }
  return mine.st_ino == theirs.st_ino && mine.st_dev == theirs.st_dev;
}

}  // namespace

Result<bool> take_claim(const std::string& directory, const std::string& job,
                        const std::string& identity, const std::string& native_id) {
  const Claim claim{.job = job, .process = own_process_id(), .host = host_name(),
                    .identity = identity, .native_id = native_id};
  const std::string own =
      directory + "/claim." + job + "." + claim.host + "." + std::to_string(claim.process.pid);
  if (auto written = write_own(own, claim_text(claim)); !written) return written.error();
  const Fd file(::open(own.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return file_error("cannot open our claim", own, errno);
  const std::string shared = directory + "/claim";
  // The return value is ignored: see the head of claim.hpp.
  if (::link(own.c_str(), shared.c_str()) != 0) errno = 0;
  const Result<bool> is_mine = is_linked(file.get(), shared);
  ::unlink(own.c_str());
  return is_mine;
}

Result<std::optional<Claim>> read_claim(const std::string& directory) {
  const std::string path = directory + "/claim";
  const auto text = read_file(path, claim_bytes_max);
  if (!text && text.error().code == ErrorCode::not_found) return std::optional<Claim>();
  if (!text) return text.error();
  const auto node = json::parse_own(*text, path);
  if (!node) return node.error();
  Claim claim{.job = json::text_at(*node, "job"), .process = process_id_of(*node),
              .host = json::text_at(*node, "host"),
              .identity = json::text_at(*node, "identity"),
              .native_id = json::text_at(*node, "native_id")};
  return std::optional(claim);
}

}  // namespace hpo::runner
