// One study beside one site: what of the site concerns it. Pure functions, any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "executors/slurm/site_check.hpp"

namespace hpo::slurm {

bool has(const std::vector<std::string>& list, const std::string& word);
std::string joined(const std::vector<std::string>& list);  // "a, b"; "none"
std::string quoted(const std::string& name);
std::string lower(std::string text);  // as Slurm keeps the names of accounts and QOS

class SiteView {
 public:
  SiteView(const StudySpec& study, const Site& site_of_it)
      : spec(study), batch(study.executor.batch), site(site_of_it) {}

  // Whether `extra` sets one of these options: "--time=5", "--time 5", "-t5", "-t 5". One that ends
  // with a dash stands for all that begin so.
  bool sets(std::initializer_list<std::string_view> options) const;

  // nullptr: there is none of the name, or no default one. REQUIRES: site.partitions
  const Partition* partition_of(const std::string& name) const;
  // Of the study, if it is one and known.
  const Partition* partition() const;

  // Those that the study's account and partition leave. REQUIRES: site.associations
  std::vector<const Association*> associations() const;

  // "": not known. Of a job that names none: what all of the user's possible associations agree on.
  std::string effective_qos() const;
  const Qos* qos_of(const std::string& name) const;

  // nullopt: it asks for none, or `extra` does. Slurm counts in minutes.
  TimeLimit asked_time() const;
  // What the partition gives to a job that asks for none, if that is known.
  TimeLimit default_time() const;

  const StudySpec& spec;
  const BatchSpec& batch;
  const Site& site;
};

// Appends what is wrong, in the order in which a user mends it.
void check_partitions(const SiteView& view, std::vector<SiteProblem>& problems);
void check_account(const SiteView& view, std::vector<SiteProblem>& problems);
void check_qos(const SiteView& view, std::vector<SiteProblem>& problems);

}  // namespace hpo::slurm
