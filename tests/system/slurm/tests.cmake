hpo_python_test(slurm_cli_test system system/slurm/cli_test.py)
hpo_python_test(cluster_test system system/slurm/cluster_test.py)
hpo_python_test(slurm_study_test system system/slurm/study_test.py)
hpo_python_test(slurm_mpi_test system system/slurm/mpi_test.py)
