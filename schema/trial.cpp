// See trial.hpp.
#include "schema/trial.hpp"

namespace hpo {

std::string_view job_name_of_worker(std::string_view worker) {
  for (int parts = 0; parts < 2; ++parts) {  // of the process: its pid and some random bits
    worker = worker.substr(0, worker.rfind('-') == worker.npos ? 0 : worker.rfind('-'));
  }
  return worker;
}

}  // namespace hpo
