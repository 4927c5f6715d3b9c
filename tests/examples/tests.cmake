hpo_python_test(jets_test system examples/jets_test.py)
set_tests_properties(jets_test PROPERTIES PROCESSORS 2)  # it compares two trainings at a time
hpo_python_test(strategies_examples system examples/strategies_test.py)
set_tests_properties(strategies_examples PROPERTIES TIMEOUT 900)  # it installs packages of PyPI
hpo_python_test(workers_example system examples/workers_test.py)
hpo_python_test(early_stopping_test system examples/early_stopping_test.py)
set_tests_properties(early_stopping_test PROPERTIES TIMEOUT 900)  # it may install from PyPI
