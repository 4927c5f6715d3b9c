// hpo enqueue STUDY name=value…: a trial with params of the user's own.
#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/typed_params.hpp"
#include "cli/verbs/change_study.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::cli {
namespace {

Answer<SearchSpace> space_of(const std::string& study, const Context& context) {
  auto client = connect(context);
  if (!client) return client.failure();
  const auto reply = client->get(study_target(study));
  if (!reply) return reply.failure();
  const auto decoded = decode_study(to_json(member(reply->json, "spec")), {.comments = false});
  if (decoded.spec) return decoded.spec->space;
  return failure_of(Error{ErrorCode::internal, "the study cannot be read by this version of hpo",
                          "study " + study, "hpo daemon status tells the daemon's version"});
}

}  // namespace

ExitCode enqueue(Arguments& arguments, const Context& context) {
  std::string study;
  std::vector<std::string> words;
  bool as_json = false;
  arguments.positional("STUDY", study, "its name")
      .list("NAME=VALUE", words, "params; left-out ones take their defaults")
      .json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const auto space = space_of(study, context);
  if (!space) return tell(space.failure(), context.terminal);
  const auto body = params_body(*space, words);
  if (!body) {
    Error error = body.error();
    error.remedy = with_command(error.remedy, "hpo status " + shell_quoted(study) +
                                                  " --json shows the space");
    return tell(failure_of(error), context.terminal);
  }
  return post_change({.target = study_target(study) + "/trials", .body = *body,
                      .next = "hpo watch " + shell_quoted(study)},
                     as_json, context);
}

}  // namespace hpo::cli
