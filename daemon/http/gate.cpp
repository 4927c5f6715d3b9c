// The first half of a session by TCP: the handshake, and whose token the requests show.
#include <boost/asio/post.hpp>

#include "daemon/http/access.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/session.hpp"

namespace hpo::http {

// Ended by its deadline like any phase; until then it holds one connection of the strangers'.
void Session::shake_hands() {
  enter(Phase::handshake, Clock::now() + limits_.handshake_deadline);
  wire_.async_handshake([self = shared_from_this()](ErrorCode error) {
    if (self->phase_ != Phase::handshake) return;
    if (error || self->hub_->is_stopping()) return self->close();
    self->listen();
  });
}

void Session::check_token() {
  auto shown = shown_token(*parser_, request_);
  if (auto* refusal = std::get_if<Response>(&shown)) return refuse(std::move(*refusal));
  std::string hash = std::get<std::string>(std::move(shown));
  const bool is_known = pass_ && pass_->sha256 == hash && Clock::now() < pass_->until;
  if (is_known) return take_route();
  enter(Phase::checking, Clock::now() + limits_.answer_deadline);
  hub_->api().find_token(hash, [weak = weak_from_this(), executor = wire_.get_executor(),
                                request = request_, hash](FoundToken found) {
    boost::asio::post(executor, [weak, request, hash, found = std::move(found)] {
      if (const auto self = weak.lock()) self->token_found(request, hash, found);
    });
  });
}

void Session::token_found(std::uint64_t request, const std::string& sha256,
                          const FoundToken& found) {
  if (request != request_ || phase_ != Phase::checking) return;
  if (auto refusal = http::check_token(found, request)) return refuse(std::move(*refusal));
  const store::TokenRow& token = **found;
  const auto trusted = std::min<Clock::duration>(limits_.token_trusted, token.left);
  pass_ = Pass{.sha256 = sha256, .study = token.study, .until = Clock::now() + trusted};
  take_route();
}

}  // namespace hpo::http
