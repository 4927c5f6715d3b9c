// See accounting.hpp.
#include "executors/slurm/accounting.hpp"

#include <charconv>

#include "executors/slurm/rows.hpp"
#include "executors/slurm/times.hpp"

namespace hpo::slurm {
namespace {

// --parsable ends each row with a separator, so a cut row shows; --parsable2 does not.
constexpr std::string_view accounting_format =
    "JobIDRaw,State,ExitCode,Start,End,NodeList,JobName,Reason,JobName";
constexpr std::string_view accounting_end = "|";

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

AccountingRow accounting_row(const Row& row) {
  const auto& [id, state, end_code, start, end, node_list] = row.fields;
  AccountingRow job{.id = std::string(id), .name = std::string(row.name),
                    .state = std::string(state), .reason = std::string(row.reason),
                    .node_list = std::string(node_list), .exit_code = {}, .signal = {},
                    .start_s = time_of(start), .end_s = time_of(end)};
  const std::size_t colon = end_code.find(':');  // code:signal
  if (colon == std::string_view::npos) return job;
  job.exit_code = number_of(end_code.substr(0, colon));
  job.signal = number_of(end_code.substr(colon + 1));
  if (job.signal == 0) job.signal.reset();
  return job;
}

}  // namespace

std::vector<std::string> accounting_arguments(const std::vector<std::string>& names,
                                              std::chrono::seconds back) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
  return {"sacct", "--allocations", "--noheader", "--parsable", "--name=" + list,
          "--starttime=now-" + std::to_string(back.count()),
          "--format=" + std::string(accounting_format)};
}

Result<std::vector<AccountingRow>> parse_accounting(std::string_view text) {
  return own_jobs<AccountingRow>(text, accounting_end, "sacct", accounting_row);
}

bool is_accounting_absent(std::string_view standard_error) {
  return standard_error.find("accounting storage is disabled") != std::string_view::npos;
}

}  // namespace hpo::slurm
