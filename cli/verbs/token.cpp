// hpo token STUDY: a file with which workers on other machines reach the daemon.
#include <sys/random.h>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/tls.hpp"
#include "cli/typed_duration.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/files.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t file_bytes_max = 64U << 10U;
constexpr std::chrono::seconds valid_max = std::chrono::hours(24 * 366);  // as the daemon has it

struct TokenWords {
  std::string study{};
  std::string valid = "24h";
  std::string output{};
  bool is_revoked = false;
};

Failure failed(const char* what) {
  return failure_of({ErrorCode::internal, what, "this machine", "try again: hpo token STUDY"});
}

// The secret is drawn here and leaves this process in the file alone: the daemon gets its hash.
Answer<std::string> fresh_token() {
  TokenBytes bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return failed("there are no random bytes");
  }
  return worker_token(bytes);
}

Answer<ConnectFile> issue(ApiClient& client, const TokenWords& words, std::chrono::seconds valid) {
  const auto token = fresh_token();
  if (!token) return token.failure();
  const std::string hash = sha256_hex(*token);
  if (hash.empty()) return failed("SHA-256 failed");
  json::Writer body;
  body.object().member("sha256", hash);
  body.member("valid_s", static_cast<std::int64_t>(valid.count())).end();
  const auto reply = client.post(study_target(words.study) + "/tokens", std::move(body).text());
  if (!reply) return reply.failure();
  auto address = tcp_address_from(text_of(member(reply->json, "address")));
  if (!address) return failure_of(address.error());
  return ConnectFile{.address = *std::move(address),
                     .fingerprint = text_of(member(reply->json, "fingerprint")),
                     .study = words.study, .token = *token};
}

ExitCode revoke(ApiClient& client, const TokenWords& words, const Context& context) {
  const auto reply = client.post(study_target(words.study) + "/tokens:revoke", "{}");
  if (!reply) return tell(reply.failure(), context.terminal);
  note("no token of " + words.study + " is good any more; its workers end within seconds; next: "
       "hpo token " + shell_quoted(words.study));
  return ExitCode::ok;
}

// A file that is there is replaced if it is one of ours; anything else is not ours to lose.
Answer<bool> replaces(const std::string& path) {
  const auto text = runner::read_file(path, file_bytes_max);
  if (!text && text.error().code == ErrorCode::not_found) return false;
  if (text && (text->empty() || connect_file_from(*text, path))) return !text->empty();
  return failure_of({ErrorCode::conflict,
                     "there is something else than a file that hpo token has written", path,
                     "name another one: hpo token STUDY --output FILE"});
}

ExitCode write(const TokenWords& words, std::chrono::seconds valid, ApiClient& client,
               const Context& context) {
  const std::string path = words.output.empty() ? words.study + ".connect.json" : words.output;
  const auto is_replaced = replaces(path);
  if (!is_replaced) return tell(is_replaced.failure(), context.terminal);
  const auto file = issue(client, words, valid);
  if (!file) return tell(file.failure(), context.terminal);
  if (auto written = runner::write_file(path, to_json(*file)); !written) {
    return tell(failure_of(written.error()), context.terminal);
  }
  print_line(path);
  note("a secret: whoever has it may train for " + words.study + " for " +
       duration_text(static_cast<double>(valid.count())) + "; on another machine: hpo worker " +
       "--connect " + shell_quoted(path));
  if (*is_replaced) {
    note("it stands in the place of an earlier file, whose token is good until its own time is "
         "over; none is any more after: hpo token " + shell_quoted(words.study) + " --revoke");
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode token(Arguments& arguments, const Context& context) {
  TokenWords words;
  arguments.positional("STUDY", words.study, "the study whose trials workers pull")
      .option("--valid", "TIME", words.valid, "how long it is good, up to 366d; default 24h")
      .option("--output", "FILE", words.output, "default: STUDY.connect.json, here")
      .flag("--revoke", words.is_revoked, "make none; all that it made are void")
      .closing("hpod must listen by TCP: \"listen\" in hpod.json. The file opens the trials of\n"
               "the study and nothing else; its mode is 0600. It serves any number of workers.\n"
               "Once more makes another token and writes the file anew: earlier ones stay good\n"
               "until their time is over, or --revoke. Studies are those with \"executor\":\n"
               "\"external\" or \"dispatch\": \"workers\"; the worker jobs that hpod starts have\n"
               "tokens of their own, which --revoke does not touch.\n");
  if (const auto exit = arguments.parse()) return *exit;
  const auto valid = typed_duration("--valid", words.valid, valid_max);
  if (!valid) return tell(failure_of(valid.error()), context.terminal);
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  return words.is_revoked ? revoke(*client, words, context)
                          : write(words, *valid, *client, context);
}

}  // namespace hpo::cli
