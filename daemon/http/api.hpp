// From a matched request to its answer: which thread computes it, and how it comes back.
//
// Reads run on the reader strand, a pool of one thread with a Reader of its own; writes go to the
// engine strand through CommandSink. Handlers that throw answer 500; the process lives.
// Lives on the io thread: made, called and destroyed there.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>

#include "daemon/http/router.hpp"

namespace hpo::http {

using FoundToken = Result<std::optional<store::TokenRow>>;

class Api : public std::enable_shared_from_this<Api> {
 public:
  Api(boost::asio::io_context& io, Scope scope, loop::CommandSink& sink,
      std::unique_ptr<store::Reader> reader);
  ~Api();  // waits for the read under way, ≤ 2 s

  // Answers once through `respond`, from whatever thread has the answer.
  void answer(const Route& route, Call call, Respond respond);

  // Likewise: `found` is called on the reader strand.
  void find_token(std::string sha256, std::function<void(FoundToken)> found);

  const Scope& scope() const { return scope_; }

 private:
  struct Wait;

  void read(ReadHandler handler, Call call, Respond respond);
  void write(WriteHandler handler, Call call, Respond respond);
  void prepare(WriteHandler handler, Call call, const Respond& respond);
  void start_waiting(const Call& call, const Respond& respond);
  void read_events(std::shared_ptr<Wait> wait);
  void wake_later(std::shared_ptr<Wait> wait, std::int64_t seen);

  boost::asio::io_context& io_;
  Scope scope_;
  loop::CommandSink& sink_;
  std::unique_ptr<store::Reader> reader_;
  boost::asio::thread_pool pool_;  // last: its thread uses all of the above
};

// Calls `compute`; whatever it throws becomes a 500 that names the request, and a log line.
Response guarded(std::uint64_t request, const std::function<Response()>& compute);

}  // namespace hpo::http
