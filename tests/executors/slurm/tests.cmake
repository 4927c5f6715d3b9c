# What Slurm's commands print, against recorded outputs. No Slurm is needed.
hpo_test(slurm_test unit
  executors/slurm/accounting_test.cpp
  executors/slurm/arguments_test.cpp
  executors/slurm/fuzz_test.cpp
  executors/slurm/job_end_test.cpp
  executors/slurm/limits_test.cpp
  executors/slurm/queue_test.cpp
  executors/slurm/reasons_test.cpp
  executors/slurm/rows_test.cpp
  executors/slurm/site_check_test.cpp
  executors/slurm/site_test.cpp
  executors/slurm/slurm_scheduler_test.cpp
  executors/slurm/states_test.cpp
  executors/slurm/submission_test.cpp
  executors/slurm/times_test.cpp
  executors/slurm/wait_limits_test.cpp
  LIBS hpo_executors_support)
