# The command line: its pure parts here, its verbs against real programs in Python.
file(GLOB HPO_CLI_TESTS CONFIGURE_DEPENDS cli/*_test.cpp)
hpo_test(cli_test unit ${HPO_CLI_TESTS} LIBS hpo_cli)
hpo_python_test(cli_offline system cli/offline_test.py)
hpo_python_test(cli_fake_daemon system cli/fake_daemon_test.py)
hpo_python_test(cli_verbs system cli/verbs_test.py)
hpo_python_test(cli_by_hand system cli/by_hand_test.py)
hpo_python_test(cli_answers system cli/answers_test.py)
hpo_python_test(cli_watch system cli/watch_test.py)
