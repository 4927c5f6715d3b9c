// Which route a request means: a pure function of method, target and table.
//
// The table is an allow-list: a method that is not in it is 405, a path 404, a query key 422.
// Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/http/limits.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/target.hpp"
#include "daemon/loop/commands.hpp"
#include "daemon/store/reader.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::http {

// What handlers may know beside the request. Outlives every handler.
struct Scope {
  Limits limits{};
  std::string version{};
  std::string build{};
  std::string state_dir{};
  std::string socket_path{};
  std::optional<std::string> tcp_address{};  // nullopt: hpod does not listen by TCP
  Profiles profiles{};  // what a study may name as its executor
  const loop::CommandSink* sink = nullptr;  // for what it tells at once
};

using Prepared = std::variant<loop::Command, Response>;  // Response: the request is refused

using NowHandler = Response (*)(const Scope&, const Call&);                  // io thread, quick
using ReadHandler = Response (*)(const Scope&, store::Reader&, const Call&); // reader strand
using WriteHandler = Prepared (*)(const Scope&, Call&&);                     // then the engine
struct WaitForEvents {};                                                     // events.cpp
using Handler = std::variant<NowHandler, ReadHandler, WriteHandler, WaitForEvents>;

enum class Reach { owner, worker };  // worker: also by TCP, with a token of the study

enum class BodyKind { none, small, study };  // none: refused; study: the larger limit

struct Route {
  Method method = Method::get;
  std::string_view pattern{};  // /v1/studies/{name}/trials/{n}:cancel
  Handler handler{};
  std::vector<std::string_view> query{};
  BodyKind body = BodyKind::none;
  Reach reach = Reach::owner;
};

struct Match {
  const Route* route = nullptr;
  std::string study{};
  std::string worker{};
  int trial = 0;
};

struct NoMatch {
  int status = 404;     // or 405, with `allow`
  std::string allow{};
  Error error{};
};

std::variant<Match, NoMatch> match(const std::vector<Route>& routes, Method method,
                                   const Target& target);

// Of studies and of workers.
inline constexpr std::string_view name_rule = "names match ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";
bool is_study_name(std::string_view text);
std::string_view method_name(Method method);

}  // namespace hpo::http
