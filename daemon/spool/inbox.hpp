// The files of the spool as the daemon sees them: which requests are new, and where answers go.
//
// Nothing in the directory is trusted: names that are no requests, links, pipes, directories, files
// of others, huge and broken ones cost a look, are said once and left alone. What has our names is
// removed when it is old. File system alone, no clock; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schema/result.hpp"
#include "schema/spool.hpp"

namespace hpo::spool {

struct InboxLimits {
  std::size_t names_max = 200'000;     // read in one look; what is beyond them waits
  std::size_t requests_max = 256;      // of workers, in one look; the others are next
  std::size_t refused_max = 100'000;   // names remembered as junk
  std::size_t complaints_max = 16;     // said in all; then once more, that there is more
  std::int64_t old_s = 24 * 3600;      // since it was last written, by the file server's clock
};

class Inbox {
 public:
  explicit Inbox(SpoolPaths paths, const InboxLimits& limits = {})
      : paths_(std::move(paths)), limits_(limits) {}

  struct Taken {
    SpoolName name{};
    SpoolRequest request{};
  };
  // Of each worker the newest request, if it is new. Makes the spool where it is missing.
  // Error: it cannot be made or read, or is not ours alone.
  Result<std::vector<Taken>> take();

  // The answer, synced, then the request is removed. Dropped if the worker has gone or has sent a
  // newer request. Error: it could not be written; the request is taken again.
  Result<void> answer(const SpoolName& name, const SpoolAnswer& answer);

  void give_back(const SpoolName& name);  // it is taken again by a later take()

  // Removes what workers and an earlier daemon left behind. `now_s`: UTC.
  void clean(std::int64_t now_s);

  // For the log. What lay there when an earlier daemon told of its junk is not told again.
  std::vector<std::string> take_complaints();

 private:
  struct Directory;
  Result<void> open(Directory& directory, const std::string& path);
  std::map<std::string, std::set<std::int64_t>> numbers(const Directory& directory);
  bool read(const Directory& directory, const std::string& name, std::vector<Taken>& out);
  void refuse(const std::string& name, const std::string& why);
  bool was_told(const std::string& name);  // by an earlier daemon
  void clean_requests(std::int64_t now_s);
  void clean_answers(std::int64_t now_s);

  SpoolPaths paths_{};
  InboxLimits limits_{};
  std::map<std::string, std::int64_t> taken_{};  // the number of each worker's last request
  std::string next_{};                           // the worker at which the next look begins
  std::set<std::string, std::less<>> refused_{};
  std::vector<std::string> complaints_{};
  std::size_t complained_ = 0;
  std::optional<std::int64_t> told_ns_{};        // when an earlier daemon told; 0: none has
};

}  // namespace hpo::spool
