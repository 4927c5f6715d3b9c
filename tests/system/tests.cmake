hpo_python_test(kill_test system system/kill_test.py)
set_tests_properties(kill_test PROPERTIES TIMEOUT 900)
hpo_python_test(lifecycle_test system system/lifecycle_test.py)
