hpo_python_test(fault_run_test system system/fault_run/fault_run_test.py)
# Its leases and its site count in seconds what others count in minutes.
set_tests_properties(fault_run_test PROPERTIES PROCESSORS 2)
