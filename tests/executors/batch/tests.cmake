# What all batch systems share: against a scheduler of our own making, and with real processes.
hpo_test(batch_test unit
  executors/batch/bench.cpp executors/batch/fake_scheduler.cpp
  executors/batch/batch_incidents_test.cpp
  executors/batch/batch_executor_test.cpp
  executors/batch/batch_judgement_test.cpp
  executors/batch/batch_predecessors_test.cpp
  executors/batch/batch_sightings_test.cpp
  executors/batch/batch_told_test.cpp
  executors/batch/command_test.cpp
  executors/batch/job_files_test.cpp
  executors/batch/queries_test.cpp
  LIBS hpo_executors_support)
