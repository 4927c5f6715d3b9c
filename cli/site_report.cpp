// See site_report.hpp.
#include "cli/site_report.hpp"

#include <algorithm>

#include "cli/text.hpp"
#include "schema/json/writer.hpp"
#include "schema/memory_text.hpp"

namespace hpo::cli {
namespace {

using slurm::Weight;

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& each : list) text += (text.empty() ? "" : ",") + each;
  return text;
}

std::string time_text(const slurm::TimeLimit& limit) {
  return limit ? slurm::limit_text(*limit) : "no limit";
}

std::string count_text(const slurm::Limit& limit) {
  return limit ? std::to_string(*limit) : "no limit";
}

// The most that one node of the partition has.
slurm::Node largest(const slurm::Partition& partition, const slurm::Site& site) {
  slurm::Node most;
  if (!site.nodes) return most;
  for (const slurm::Node& node : *site.nodes) {
    const auto& in = node.partitions;
    if (std::find(in.begin(), in.end(), partition.name) == in.end()) continue;
    most.cpus = std::max(most.cpus, node.cpus);
    most.memory_mb = std::max(most.memory_mb, node.memory_mb);
    most.gpus = std::max(most.gpus, node.gpus);
  }
  return most;
}

std::string partitions_table(const slurm::Site& site, const Terminal& terminal) {
  Table table;
  for (const char* name : {"PARTITION", "STATE", "TIME"}) table.column(name);
  for (const char* name : {"NODES", "CPUS", "MEMORY", "GPUS"}) table.column(name, Align::right);
  for (const slurm::Partition& each : *site.partitions) {
    if (each.is_hidden) continue;
    const slurm::Node most = largest(each, site);
    table.row({{.text = each.name + (each.is_default ? "*" : "")},
               {.text = each.state, .style = each.state == "UP" ? Style::plain : Style::yellow},
               {.text = time_text(each.time_max)}, {.text = std::to_string(each.nodes)},
               {.text = std::to_string(most.cpus)},
               {.text = memory_text(most.memory_mb * (1 << 20))},
               {.text = std::to_string(most.gpus)}});
  }
  return table.render(terminal);
}

std::string accounts_table(const slurm::Site& site, const Terminal& terminal) {
  Table table;
  for (const char* name : {"ACCOUNT", "PARTITION", "QOS", "DEFAULT QOS"}) table.column(name);
  for (const slurm::Association& each : *site.associations) {
    table.row({{.text = each.account}, {.text = each.partition.empty() ? "all" : each.partition},
               {.text = joined(each.qos)}, {.text = each.default_qos}});
  }
  return table.render(terminal);
}

std::string qos_table(const slurm::Site& site, const Terminal& terminal) {
  Table table;
  for (const char* name : {"QOS", "TIME"}) table.column(name);
  for (const char* name : {"RUNNING", "IN QUEUE"}) table.column(name, Align::right);
  for (const slurm::Qos& each : *site.qos) {
    table.row({{.text = each.name}, {.text = time_text(each.time_max)},
               {.text = count_text(each.jobs_max)}, {.text = count_text(each.submit_max)}});
  }
  return table.render(terminal);
}

std::string_view word_of(Weight weight) {
  if (weight == Weight::warning) return "warning";
  return weight == Weight::error ? "error" : "note";
}

Style style_of(Weight weight) {
  return weight == Weight::error ? Style::red : Style::cyan;
}

void write_limit(json::Writer& writer, const char* name, const slurm::TimeLimit& limit) {
  writer.key(name);
  if (limit) writer.value(static_cast<std::int64_t>(limit->count()));
  else writer.null();
}

void write_partitions(json::Writer& writer, const slurm::Site& site) {
  writer.key("partitions");
  if (!site.partitions) return void(writer.null());
  writer.array();
  for (const slurm::Partition& each : *site.partitions) {
    const slurm::Node most = largest(each, site);
    writer.object().member("name", each.name).member("state", each.state);
    writer.member("default", each.is_default);
    write_limit(writer, "time_s", each.time_max);
    writer.member("nodes", each.nodes).member("cpus_per_node", most.cpus);
    writer.member("memory_mb_per_node", most.memory_mb).member("gpus_per_node", most.gpus).end();
  }
  writer.end();
}

void write_accounts(json::Writer& writer, const slurm::Site& site) {
  writer.key("accounts");
  if (!site.associations) return void(writer.null());
  writer.array();
  for (const slurm::Association& each : *site.associations) {
    writer.object().member("account", each.account).member("partition", each.partition)
        .member("qos", each.qos).member("default_qos", each.default_qos).end();
  }
  writer.end();
}

void write_qos(json::Writer& writer, const slurm::Site& site) {
  writer.key("qos");
  if (!site.qos) return void(writer.null());
  writer.array();
  for (const slurm::Qos& each : *site.qos) {
    writer.object().member("name", each.name);
    write_limit(writer, "time_s", each.time_max);
    writer.member("running", each.jobs_max).member("in_queue", each.submit_max).end();
  }
  writer.end();
}

void write_test(json::Writer& writer, const std::optional<TestAnswer>& test) {
  writer.key("test");
  if (!test) return void(writer.null());
  writer.object().member("accepted", test->is_accepted).member("text", test->text).end();
}

}  // namespace

std::string site_text(const SiteAnswer& answer, const Terminal& terminal) {
  const slurm::Site& site = answer.site;
  std::vector<std::string> parts;
  if (site.partitions) parts.push_back(partitions_table(site, terminal));
  if (site.associations) parts.push_back(accounts_table(site, terminal));
  if (site.qos) parts.push_back(qos_table(site, terminal));
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "\n") + part;
  if (!answer.unknown.empty()) text += text.empty() ? "" : "\n";
  for (const std::string& each : answer.unknown) text += "not known  " + printable(each) + "\n";
  return text;
}

std::string problems_text(const std::vector<slurm::SiteProblem>& problems, bool has_color) {
  std::string text;
  for (const slurm::SiteProblem& each : problems) {
    text += styled(word_of(each.weight), style_of(each.weight), has_color) + ": " +
            printable(each.what) + "\n";
    if (!each.where.empty()) text += "  where " + printable(each.where) + "\n";
    if (!each.remedy.empty()) text += "  mend  " + printable(each.remedy) + "\n";
  }
  return text;
}

std::string check_json(const SiteAnswer& answer, const std::vector<slurm::SiteProblem>& problems) {
  json::Writer writer;
  writer.object().member("answered", answer.has_answered).key("problems").array();
  for (const slurm::SiteProblem& each : problems) {
    writer.object().member("weight", word_of(each.weight)).member("message", each.what)
        .member("where", each.where).member("remedy", each.remedy).end();
  }
  writer.end().member("unknown", answer.unknown);
  write_test(writer, answer.test);
  write_partitions(writer, answer.site);
  write_accounts(writer, answer.site);
  write_qos(writer, answer.site);
  writer.end();
  return std::move(writer).text();
}

}  // namespace hpo::cli
