# What all batch systems share: against a scheduler of our own making, and with real processes.
hpo_test(batch_test unit
  executors/batch/command_test.cpp
  executors/batch/job_files_test.cpp
  LIBS hpo_executors_support)
