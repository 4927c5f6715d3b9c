// See spool_channel.hpp.
#include "cli/worker/spool_channel.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "cli/interrupt.hpp"
#include "executors/runner/files.hpp"

namespace hpo::cli::worker {
namespace {

using namespace std::chrono_literals;

constexpr Instant pause_min = 50ms;
constexpr Instant pause_max = 1s;
constexpr int wait_ms = 20;
constexpr std::size_t answers_max = 1000;  // of one look; there is one, or none

Instant steady_now() { return std::chrono::steady_clock::now().time_since_epoch(); }

Failure unreachable(std::string what, std::string where, std::string remedy) {
  return {.exit_code = ExitCode::unreachable,
          .error = {ErrorCode::unavailable, std::move(what), std::move(where), std::move(remedy)},
          .details = {}};
}

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto it = std::filesystem::directory_iterator(directory, error);
       !error && it != std::filesystem::directory_iterator() && names.size() < answers_max;
       it.increment(error)) {
    names.push_back(it->path().filename());
  }
  return names;
}

}  // namespace

SpoolChannel::SpoolChannel(std::string root, std::string study, std::string worker)
    : paths_{std::move(root)}, study_(std::move(study)), worker_(std::move(worker)) {}

SpoolChannel::~SpoolChannel() {
  close();
  const std::string home = paths_.answers(worker_);
  for (const std::string& name : names_in(home)) ::unlink((home + "/" + name).c_str());
  ::rmdir(home.c_str());
}

bool SpoolChannel::is_there(const std::string& root) {
  struct stat status{};
  return ::lstat(SpoolPaths{root}.requests().c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid();
}

std::string SpoolChannel::request_path() const {
  return paths_.requests() + "/" + to_text(SpoolName{.worker = worker_, .number = number_});
}

std::string SpoolChannel::answer_path(std::int64_t number) const {
  return paths_.answers(worker_) + "/" + std::to_string(number);
}

// The directory of the answers is there first: without one, the daemon takes the worker for gone.
std::optional<Failure> SpoolChannel::send(SpoolVerb verb, const std::string& body) {
  if (!is_there(paths_.root)) {
    return unreachable("no daemon of this user has made the spool", paths_.root,
                       "start it on its host: hpo daemon start; or correct --spool");
  }
  const SpoolRequest request{.verb = verb, .study = study_, .body = body};
  auto made = runner::make_directories(paths_.answers(worker_));
  ++number_;
  if (made) made = runner::write_file(request_path(), to_text(request), runner::Sync::to_disk);
  if (!made) return unreachable(made.error().what, made.error().where, made.error().remedy);
  is_asking_ = true;
  pause_ = pause_min;
  look_at_ = steady_now() + pause_;
  return std::nullopt;
}

std::optional<Failure> SpoolChannel::post(const std::string& body) {
  return send(SpoolVerb::exchange, body);
}

void SpoolChannel::close() {
  if (is_asking_) ::unlink(request_path().c_str());
  is_asking_ = false;
  look_at_ = never;
}

// Reading the directory asks the file server; a name alone might be answered from this node's
// memory of its absence.
Transport::Progress SpoolChannel::go_on() {
  if (!is_asking_) return Progress::waiting;
  const std::string wanted = std::to_string(number_);
  bool is_there = false;
  for (const std::string& name : names_in(paths_.answers(worker_))) {
    if (name == wanted) is_there = true;
    else if (!name.ends_with(spool_temporary)) {  // the answer to a request that was given up
      ::unlink((paths_.answers(worker_) + "/" + name).c_str());
    }
  }
  pause_ = std::min(pause_ + pause_ / 2, pause_max);
  look_at_ = steady_now() + pause_;
  if (!is_there) return Progress::waiting;
  const auto text = runner::read_file(answer_path(number_), spool_answer_bytes_max);
  auto answer = text ? spool_answer(*text) : std::nullopt;
  if (!answer) return Progress::waiting;  // the file server is between two states of it
  ::unlink(answer_path(number_).c_str());
  reply_ = {.status = answer->status, .body = std::move(answer->body)};
  is_asking_ = false;
  look_at_ = never;
  return Progress::answered;
}

HttpReply SpoolChannel::take_reply() { return std::exchange(reply_, {}); }

Answer<HttpReply> SpoolChannel::ask(SpoolVerb verb, const std::string& why,
                                    std::chrono::milliseconds patience) {
  const Instant until = steady_now() + patience;
  if (auto failure = send(verb, why)) return *std::move(failure);
  while (steady_now() < until && !is_interrupted()) {
    ::poll(nullptr, 0, wait_ms);
    if (steady_now() >= look_at_ && go_on() == Progress::answered) return take_reply();
  }
  close();
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(patience);
  return unreachable("the daemon has not answered in the spool for " +
                         std::to_string(seconds.count()) + " s", paths_.root,
                     "on the daemon's host, see whether it runs: hpo daemon status; if not: "
                     "hpo daemon start");
}

}  // namespace hpo::cli::worker
