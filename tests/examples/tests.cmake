hpo_python_test(jets_test system examples/jets_test.py)
set_tests_properties(jets_test PROPERTIES PROCESSORS 2)  # it compares two trainings at a time
