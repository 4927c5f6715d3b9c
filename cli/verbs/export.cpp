// hpo export STUDY: all trials, or the steps that they told, page by page to stdout, so that size
// does not matter.
#include <limits>
#include <utility>

#include "cli/arguments.hpp"
#include "cli/csv.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {
namespace {

class JsonExport {
 public:
  bool take(const json::Node& page) {
    if (is_first_page_) print("{\"study\":" + to_json(member(page, "study")) + ",\"trials\":[");
    is_first_page_ = false;
    for (const json::Node& trial : member(page, "trials").items) {
      print((is_first_trial_ ? "" : ",") + to_json(trial));
      is_first_trial_ = false;
    }
    return true;
  }
  void finish() { print("]}\n"); }

 private:
  bool is_first_page_ = true;
  bool is_first_trial_ = true;
};

class CsvExport {
 public:
  bool take(const json::Node& page) {
    if (!columns_) {
      columns_ = csv_columns(member(page, "study"));
      print(csv_header(*columns_));
    }
    for (const json::Node& trial : member(page, "trials").items) print(csv_row(*columns_, trial));
    return true;
  }
  void finish() {}

 private:
  std::optional<CsvColumns> columns_{};
};

template <class Export>
ExitCode write(ApiClient& client, const std::string& study, Export exporter,
               const Context& context) {
  const auto done = each_page(client, study_target(study) + "/export",
                              [&](const json::Node& page) { return exporter.take(page); });
  if (!done) return tell(done.failure(), context.terminal);
  exporter.finish();
  return ExitCode::ok;
}

// {"reports": […]}, or a line each.
ExitCode write_reports(ApiClient& client, const std::string& study, bool is_csv,
                       const Context& context) {
  bool has_begun = false;
  const auto begin = [&] {
    if (!has_begun) print(is_csv ? report_csv_header() : "{\"reports\":[");
    return std::exchange(has_begun, true);
  };
  const auto done = each_report(
      client,
      {.target = study_target(study) + "/reports", .pages_max = std::numeric_limits<int>::max()},
      [&](const json::Node& report) {
        const bool is_first = !begin();
        print(is_csv ? report_csv_row(report) : (is_first ? "" : ",") + to_json(report));
      });
  if (!done) return tell(done.failure(), context.terminal);
  begin();
  if (!is_csv) print("]}\n");
  return ExitCode::ok;
}

}  // namespace

ExitCode export_study(Arguments& arguments, const Context& context) {
  std::string study;
  std::string format = "json";
  bool has_reports = false;
  arguments.positional("STUDY", study, "its name")
      .option("--format", "FORMAT", format, "json (the default) or csv")
      .flag("--reports", has_reports, "the steps that its trainings told, instead of its trials");
  if (const auto exit = arguments.parse()) return *exit;
  if (format != "json" && format != "csv") {
    return arguments.usage_error("there is no format \"" + format + "\"");
  }
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  if (has_reports) return write_reports(*client, study, format == "csv", context);
  return format == "json" ? write(*client, study, JsonExport(), context)
                          : write(*client, study, CsvExport(), context);
}

}  // namespace hpo::cli
