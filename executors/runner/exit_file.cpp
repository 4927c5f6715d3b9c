// See exit_file.hpp.
#include "executors/runner/exit_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo {
namespace {

constexpr std::size_t exit_bytes_max = 4U << 20U;

std::string text_of(const json::Node& root, std::string_view key) {
  const json::Node* found = root.find(key);
  if (!found) return {};
  return found->kind == json::Kind::integer ? std::to_string(found->integer) : found->string;
}

Result<void> check_identity(const json::Node& root, const std::string& directory,
                            std::string_view job, std::string_view identity) {
  if (text_of(root, "job") == job) return {};
  if (!identity.empty() && text_of(root, "identity") == identity) return {};
  return Error{ErrorCode::corrupt,
               "exit.json is of another attempt: study " + text_of(root, "study") + ", trial " +
                   text_of(root, "trial") + ", attempt " + text_of(root, "attempt") + ", job " +
                   text_of(root, "job"),
               directory + "/exit.json",
               "an attempt's directory must not be copied to another one, nor be kept for another "
               "database; remove the file"};
}

}  // namespace

Result<std::optional<Outcome>> read_exit(const std::string& directory, std::string_view job,
                                         std::string_view identity) {
  const std::string path = directory + "/exit.json";
  const auto text = runner::read_file(path, exit_bytes_max);
  if (!text && text.error().code == ErrorCode::not_found) return std::optional<Outcome>();
  if (!text) return text.error();
  const auto root = json::parse_own(*text, path);
  if (!root) return root.error();
  if (auto ours = check_identity(*root, directory, job, identity); !ours) return ours.error();
  auto outcome = outcome_from_json(*text);
  if (!outcome) return outcome.error();
  return std::optional(*std::move(outcome));
}

namespace runner {

Result<void> write_exit(const Attempt& attempt, const Outcome& outcome) {
  json::Writer identity;
  identity.object().member("job", attempt.job).member("study", attempt.spec.study);
  identity.member("trial", attempt.spec.trial).member("attempt", attempt.spec.attempt);
  identity.member("identity", attempt.spec.identity).end();
  std::string text = std::move(identity).text();
  text.back() = ',';  // both are objects with members: joined, they are one
  text += outcome_to_json(outcome).substr(1);
  return write_file(attempt.paths.directory + "/exit.json", text + "\n",
                    attempt.spec.syncs_files ? Sync::to_disk : Sync::none);
}

Result<void> announce_end(const Attempt& attempt) {
  if (attempt.spec.ended_directory.empty() || attempt.job.empty()) return {};
  const std::string path = attempt.spec.ended_directory + "/" + attempt.job;
  const std::string exit = attempt.paths.directory + "/exit.json";
  // A second name costs no inode: ext4 looks past each one that was freed some minutes ago
  // whenever it makes a file nearby, and the daemon removes these names as fast as trials end.
  if (::link(exit.c_str(), path.c_str()) == 0) return {};
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return file_error("cannot announce the end", path, errno);
  return {};
}

}  // namespace runner
}  // namespace hpo
