// What a Slurm site said, for people and as JSON. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/site_answer.hpp"

namespace hpo::cli {

// Tables of partitions, of accounts and of QOS; what is not known. For stdout.
std::string site_text(const SiteAnswer& answer, const Terminal& terminal);

// "error: …", where the limit is set, and what to do: a few lines for each. For stderr.
std::string problems_text(const std::vector<slurm::SiteProblem>& problems, bool has_color);

// {"answered":…,"problems":[…],"test":{…}|null,"partitions":[…]|null,…}
std::string check_json(const SiteAnswer& answer, const std::vector<slurm::SiteProblem>& problems);

}  // namespace hpo::cli
