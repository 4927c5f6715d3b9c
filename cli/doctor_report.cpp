// See doctor_report.hpp.
#include "cli/doctor_report.hpp"

#include <algorithm>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t name_width = 14;
constexpr std::size_t text_column = 22;  // behind the finding and the name

std::string_view word_of(Finding finding) {
  return finding == Finding::ok ? "ok" : finding == Finding::note ? "note" : "failed";
}

Style style_of(Finding finding) {
  return finding == Finding::ok     ? Style::green
         : finding == Finding::note ? Style::yellow
                                    : Style::red;
}

std::string padded(std::string_view word, std::size_t width) {
  return std::string(word) + std::string(word.size() < width ? width - word.size() : 1, ' ');
}

}  // namespace

bool DoctorReport::has_failed() const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [](const Step& step) { return step.finding == Finding::failed; });
}

void DoctorReport::add(Finding finding, const std::string& step, const std::string& text,
                       const std::string& remedy) {
  steps_.push_back({finding, step, text, remedy});
  if (as_json_) return;
  std::string line = styled(padded(word_of(finding), text_column - name_width), style_of(finding),
                            terminal_.has_color) +
                     padded(step, name_width) + indented(printable(text), text_column);
  if (!remedy.empty()) {
    line += "\n" + std::string(text_column, ' ') +
            styled("mend: ", Style::cyan, terminal_.has_color) +
            indented(printable(remedy), text_column);
  }
  print_line(line);
  finish_output(ExitCode::ok);  // each at once: the next step may take minutes
}

ExitCode DoctorReport::finish() const {
  if (as_json_) {
    json::Writer writer;
    writer.object().member("ok", !has_failed()).key("steps").array();
    for (const Step& step : steps_) {
      writer.object().member("step", step.name).member("finding", word_of(step.finding))
          .member("text", step.text).member("remedy", step.remedy).end();
    }
    writer.end().end();
    print_line(writer.text());
  }
  return has_failed() ? ExitCode::error : ExitCode::ok;
}

}  // namespace hpo::cli
