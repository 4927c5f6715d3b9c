// What Slurm said of itself and of the test job, as steps of the doctor. Main thread.
#pragma once

#include "cli/doctor_report.hpp"
#include "cli/site_answer.hpp"

namespace hpo::cli {

// False: a job would not be taken, so there is no use in one.
bool report_site(const StudySpec& spec, const SiteAnswer& answer, DoctorReport& report);

}  // namespace hpo::cli
