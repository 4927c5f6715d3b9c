hpo_python_test(readme_test system docs/readme_test.py)
set_tests_properties(readme_test PROPERTIES TIMEOUT 900 PROCESSORS 2)  # it trains, two at a time
hpo_python_test(deps_test system docs/deps_test.py)
hpo_python_test(commands_test system docs/commands_test.py)
