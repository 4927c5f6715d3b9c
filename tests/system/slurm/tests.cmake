hpo_python_test(cluster_test system system/slurm/cluster_test.py)
