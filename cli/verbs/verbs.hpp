// Every verb of hpo, one file each; main.cpp's table gives them names and examples.
#pragma once

#include "cli/command.hpp"

namespace hpo::cli {

ExitCode validate(Arguments& arguments, const Context& context);
ExitCode submit(Arguments& arguments, const Context& context);
ExitCode status(Arguments& arguments, const Context& context);
ExitCode watch(Arguments& arguments, const Context& context);
ExitCode best(Arguments& arguments, const Context& context);
ExitCode trials(Arguments& arguments, const Context& context);
ExitCode trial(Arguments& arguments, const Context& context);
ExitCode logs(Arguments& arguments, const Context& context);
ExitCode pause(Arguments& arguments, const Context& context);
ExitCode resume(Arguments& arguments, const Context& context);
ExitCode cancel(Arguments& arguments, const Context& context);
ExitCode retry(Arguments& arguments, const Context& context);
ExitCode enqueue(Arguments& arguments, const Context& context);
ExitCode start_worker(Arguments& arguments, const Context& context);
ExitCode ask(Arguments& arguments, const Context& context);
ExitCode tell_result(Arguments& arguments, const Context& context);
ExitCode report_step(Arguments& arguments, const Context& context);
ExitCode heartbeat(Arguments& arguments, const Context& context);
ExitCode token(Arguments& arguments, const Context& context);
ExitCode export_study(Arguments& arguments, const Context& context);
ExitCode replay(Arguments& arguments, const Context& context);
ExitCode list_strategies(Arguments& arguments, const Context& context);
ExitCode show_strategy(Arguments& arguments, const Context& context);
ExitCode test_strategy(Arguments& arguments, const Context& context);
ExitCode daemon_start(Arguments& arguments, const Context& context);
ExitCode daemon_stop(Arguments& arguments, const Context& context);
ExitCode daemon_status(Arguments& arguments, const Context& context);
ExitCode daemon_config(Arguments& arguments, const Context& context);
ExitCode daemon_logs(Arguments& arguments, const Context& context);
ExitCode doctor(Arguments& arguments, const Context& context);
ExitCode schema(Arguments& arguments, const Context& context);
ExitCode explain_code(Arguments& arguments, const Context& context);
ExitCode helper(Arguments& arguments, const Context& context);
ExitCode version(Arguments& arguments, const Context& context);
ExitCode exec(Arguments& arguments, const Context& context);

}  // namespace hpo::cli
