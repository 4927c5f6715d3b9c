"""What hpo does without a daemon: exit codes, messages, start-up, and never starting one."""
import json
import os
import subprocess
import unittest

from support import HPO, HpoTest, write_endpoint


class Offline(HpoTest):
    def test_without_a_daemon_every_reader_exits_6_and_starts_none(self):
        for words in (["status"], ["status", "a"], ["best", "a"], ["trials", "a"],
                      ["daemon", "status"], ["daemon", "status", "--json"], ["watch", "a"],
                      ["daemon", "stop"], ["pause", "a"], ["export", "a"],
                      ["cancel", "a"]):
            done = self.hpo(*words, code=6)
            self.assertIn("no daemon is running", done.stderr)
            self.assertTrue(done.stderr.strip().endswith("next hpo daemon start"), done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertFalse(os.path.exists(self.state))

    def test_another_hosts_daemon_is_reached_by_ssh(self):
        write_endpoint(self.state, host="login7", boot_id="x", pid=1, socket="/s")
        for words in (["status"], ["daemon", "stop"], ["submit", self.study()]):
            told = self.hpo(*words, code=6).stderr
            self.assertIn("next ssh login7 hpo %s" % words[0], told)
            self.assertIn("if that host is gone for good: 'hpo daemon start'", told)

    def test_a_stale_endpoint_is_no_daemon(self):
        write_endpoint(self.state, pid=1)
        self.assertIn("next hpo daemon start", self.hpo("status", code=6).stderr)
        self.hpo("daemon", "stop", code=6)

    def test_bare_hpo_says_what_to_type_first_until_there_is_a_study(self):
        done = self.hpo()
        for step in ("hpo schema", "study.json", "hpo validate", "hpo submit study.json --watch",
                     "hpo best", "hpo --help"):
            self.assertIn(step, done.stdout)
        self.assertEqual(done.stderr, "")
        self.assertFalse(os.path.exists(self.state))
        os.makedirs(self.state)
        self.write("state/hpo.db", "")  # a daemon would know studies
        self.assertIn("no daemon is running", self.hpo(code=6).stderr)

    def test_help_tells_the_exit_codes(self):
        for words in (["--help"], ["watch", "--help"]):
            text = self.hpo(*words).stdout
            self.assertRegex(text, r"(?s)Exit codes: 0 .*9 .*10 .*130")
        self.assertNotIn("Exit codes", self.hpo("daemon", "--help").stdout)

    def test_strategies_are_listed_with_their_options(self):
        rows = [line.split("\t") for line in self.hpo("strategy", "list").stdout.splitlines()]
        self.assertEqual(rows[0], ["STRATEGY", "WHAT IT DOES", "OPTIONS"])
        self.assertIn("auto", [row[0] for row in rows])
        told = self.hpo("strategy", "show", "cma_es").stdout
        self.assertIn("restarts\tword\tipop, bipop\tipop\tafter convergence", told)
        shown = json.loads(self.hpo("strategy", "show", "cma_es", "--json").stdout)
        self.assertEqual({each["name"]: each["default"] for each in shown["options"]},
                         {"sigma0": 0.2, "population": None, "restarts": "ipop", "warm_start": 0})
        every = json.loads(self.hpo("strategy", "list", "--json").stdout)["strategies"]
        self.assertIn(shown, every)
        external = self.hpo("strategy", "show", "external").stdout
        for word in ("command", "time", "60s", "memory", "4G", "protocol.md"):
            self.assertIn(word, external)
        told = self.hpo("strategy", "show", "sobl", code=3).stderr
        self.assertIn('no strategy "sobl"; did you mean "sobol"?\n', told)
        self.assertIn("next hpo strategy show sobol", told)
        told = self.hpo("strategy", "show", "bayesian", code=3).stderr
        self.assertIn('no strategy "bayesian"; there are auto, ', told)
        self.assertIn("next hpo strategy list", told)
        self.assertIn("strategy list", self.hpo("strategy").stdout)

    def test_the_rules_of_auto_are_shown(self):
        rules = json.loads(self.hpo("strategy", "show", "auto", "--json").stdout)["rules"]
        told = self.hpo("strategy", "show", "auto").stdout
        self.assertGreater(len(rules), 3)
        for rule in rules:
            self.assertIn("\t".join((rule["when"], rule["strategy"], rule["because"])), told)

    def test_usage_mistakes_exit_2_and_name_the_way_out(self):
        for words, remedy in ((["sbumit"], "hpo submit"), (["best"], "hpo best --help"),
                              (["best", "a", "--format", "xml"], "hpo best --help"),
                              (["trials", "a", "--state", "done"], "hpo trials --help"),
                              (["trials", "a", "--limit", "0"], "hpo trials --help"),
                              (["trial", "a"], "hpo trials a"),
                              (["best", "--nope"], "\"--nope\" was not expected"),
                              (["helper", "cobol"], "hpo helper --help"),
                              (["submit", "nowhere.json"], "next hpo submit --help"),
                              (["validate", "nowhere.json"], "next hpo validate --help"),
                              (["validate", "/"], "next hpo validate --help"),
                              (["submit", "a", "--json", "--watch"], "hpo submit --help")):
            done = self.hpo(*words, code=2)
            self.assertIn(remedy, done.stderr)
            self.assertEqual(done.stdout, "")

    def test_a_number_out_of_its_range_is_refused_with_the_range_and_the_option(self):
        whole = '--%s: "%s" is no whole number from 1 %s\n'
        for words, told in ((["ask", "a", "--count", "abc"], whole % ("count", "abc", "to 1000")),
                            (["ask", "a", "--count", "0"], whole % ("count", "0", "to 1000")),
                            (["ask", "a", "--count", "1001"], whole % ("count", "1001", "to 1000")),
                            (["worker", "--slots", "5000"], whole % ("slots", "5000", "to 4096")),
                            (["tell", "a/1", "--fence", "0"], whole % ("fence", "0", "up")),
                            (["heartbeat", "a/1", "--fence", "0"], whole % ("fence", "0", "up")),
                            (["report", "a/1", "3", "x=1", "--fence", "0"],
                             whole % ("fence", "0", "up")),
                            (["token", "a", "--valid", "0s"], "a time from 1s to 366d"),
                            (["token", "a", "--valid", "367d"], "a time from 1s to 366d")):
            self.assertIn(told, self.hpo(*words, code=2).stderr)

    def test_who_pulls_trials_is_told_of_both_kinds_of_studies(self):
        for verb in ("token", "ask"):
            told = self.hpo(verb, "--help").stdout
            for words in ('"external"', '"dispatch": "workers"'):
                self.assertIn(words, " ".join(told.split()))

    def test_what_is_no_file_of_hpo_token_is_told_for_what_it_is(self):
        made = {"address": "127.0.0.1:1", "fingerprint": "a" * 64, "study": "jets",
                "token": "hpo_w_" + "0" * 64}
        whole = self.write("jets.connect.json", json.dumps(made))
        for path, told, remedy in (
                (".", "this is a directory", "STUDY.connect.json"),
                (self.write("empty", ""), "the file is empty", "hpo token STUDY"),
                (self.study(), "this is no file of hpo token", "hpo token STUDY"),
                (self.write("notes", "x"), "this is no file of hpo token", "hpo token STUDY"),
                ("nowhere", "cannot open the file", "hpo token STUDY"),
                (whole, "others may read this file", "chmod 600")):
            for words in (["worker"], ["ask", "jets"]):
                done = self.hpo(*words, "--connect", path, code=2)
                self.assertIn(told, done.stderr)
                self.assertIn(remedy, done.stderr)
        os.chmod(whole, 0o600)
        told = self.hpo("worker", "--connect", whole, "--study", "other", code=2).stderr
        self.assertIn("is for study 'jets', and --study says 'other'", told)
        self.assertIn("leave --study out, or make a file", told)
        self.assertIn("hpo token other", told)

    def test_what_cannot_be_read_ends_with_something_to_type(self):
        os.makedirs(self.state)
        self.write("state/endpoint.json", "{")
        self.assertRegex(self.hpo("status", code=1).stderr, r"next rm \S+; hpo daemon start\n")
        done = self.hpo("status", env={"HPO_STATE_DIR": "", "HOME": ""}, code=2)
        self.assertIn("next export HPO_STATE_DIR=", done.stderr)
        blocked = {"HPO_STATE_DIR": os.path.join(self.write("file", ""), "state")}
        for words in (["daemon", "start"], ["submit", self.study()]):
            self.assertRegex(self.hpo(*words, env=blocked, code=None).stderr, r"next .*ls -ld /")

    def test_from_a_removed_directory_no_path_becomes_one_below_the_root(self):
        study = '{"name": "a", "space": {"x": {"float": [0, 1]}},' \
                ' "objective": {"minimize": "loss"}, "command": ["true"]}'
        gone = "mkdir gone; cd gone; rmdir ../gone; printf '%s' \"$1\" | \"$0\" "
        hpod = os.path.join(os.path.dirname(HPO), "hpod")
        for program, words, state in ((HPO, "submit - --dry-run", self.state),
                                      (HPO, "status", "rel"),
                                      (hpod, "--state-dir rel", self.state)):
            done = subprocess.run(["sh", "-c", gone + words, program, study], cwd=self.root,
                                  text=True, env=dict(self.env, HPO_STATE_DIR=state),
                                  capture_output=True, check=False)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn("the working directory does not exist any more", done.stderr)
            self.assertIn("cd ~", done.stderr)

    def test_a_verb_for_studies_refuses_a_trial_and_names_the_verb_for_it(self):
        for verb in ("watch", "status", "best", "trials", "export", "pause"):
            done = self.hpo(verb, "first/3", code=2)
            self.assertIn("hpo %s takes a study" % verb, done.stderr)
            self.assertIn("hpo trial first/3", done.stderr)
        self.assertIn("leave out --failed", self.hpo("logs", "a/1", "--failed", code=2).stderr)

    def test_help_is_found_whichever_way_it_is_asked_for(self):
        for words in (["daemon"], ["daemon", "--help"], ["help", "daemon"]):
            lines = self.hpo(*words).stdout.splitlines()
            for verb in ("start", "stop", "status", "config", "logs"):
                self.assertTrue(any(line.startswith("  daemon " + verb) for line in lines), lines)
            self.assertFalse(any(line.startswith("  submit") for line in lines))
        for words in (["submit"], ["daemon", "start"]):
            self.assertEqual(self.hpo("help", *words).stdout, self.hpo(*words, "--help").stdout)
        self.assertIn("hpo submit", self.hpo("help", "sbumit", code=2).stderr)
        self.assertIn("hpo daemon start", self.hpo("daemon", "strat", code=2).stderr)

    def test_a_value_may_begin_with_a_dash(self):
        self.hpo("trials", "a", "--sort", "-value", code=6)

    def test_problems_of_a_study_have_places(self):
        path = self.write("bad.json", '{"name": "a",\n "space": {"lr": {"flaot": [0, 1]}},\n'
                          ' "objective": {"minimize": "loss"}, "command": ["true"]}')
        for words in (["validate", path], ["submit", path], ["submit", path, "--dry-run"]):
            done = self.hpo(*words, code=2)
            self.assertIn("bad.json:2:19: error[HPO-E0104]", done.stderr)
            self.assertIn("next hpo explain HPO-E0104", done.stderr)
        verdict = json.loads(self.hpo("validate", path, "--json", code=2).stdout)
        self.assertFalse(verdict["valid"])
        self.assertEqual(verdict["problems"][0]["pointer"], "/space/lr")

    def test_what_would_fail_on_every_node_is_refused_before_it_is_sent(self):
        secrets = os.path.join(self.root, ".config/hpo/secrets")
        os.makedirs(secrets)
        self.write(".config/hpo/secrets/OPEN", "hush", 0o644)
        path = self.study(environment={"secrets": ["OPEN", "GONE"]})
        told = self.hpo("submit", path, code=2).stderr
        for part in ("the secret OPEN is open to others: its mode is 0644", secrets + "/OPEN",
                     "chmod 600 " + secrets + "/OPEN", "no file for the secret GONE",
                     "write the secret to " + secrets + "/GONE", "--no-check"):
            self.assertIn(part, told)
        path = self.study(executor={"type": "slurm"}, environment={"setup": "true\nif then\n"})
        for verb in (["submit", path], ["validate", path, "--check"]):
            told = self.hpo(*verb, code=2).stderr
            self.assertIn('the study\'s "setup" is no shell script: syntax error', told)
            self.assertIn("line 2: if then", told)
        self.assertFalse(os.path.exists(self.state))

    def test_validate_warns_of_programs_that_are_not_there(self):
        told = self.hpo("validate", self.study()).stderr
        self.assertNotIn("not", told)
        path = self.study(command=["./toy.sh"],
                          strategy={"type": "external", "command": ["./nothing.py"]})
        told = self.hpo("validate", path).stderr
        self.assertIn("trials will fail to start: the command's program is not executable", told)
        self.assertIn("hpo submit will refuse it: the strategy cannot be started", told)
        for name in ("./toy.sh", "./nothing.py"):
            self.assertIn("(%s)" % os.path.join(self.root, name), told)
        self.assertIn("is valid; next: hpo submit", told)
        told = self.hpo("validate", path, "--check", code=2).stderr
        self.assertIn("/strategy/command/0", told)

    def test_validate_warns_of_more_trials_at_a_time_than_this_node_has_cores(self):
        cores = len(os.sched_getaffinity(0))
        told = self.hpo("validate", self.study(parallel=cores + 1)).stderr
        self.assertIn("beyond this node: %d trials at a time of 1 core each" % (cores + 1), told)
        self.assertNotIn("beyond", self.hpo("validate", self.study(parallel=cores)).stderr)

    def test_a_study_may_have_comments_and_come_from_stdin(self):
        path = self.write("c.json", '{"name": "c", // mine\n "space": {"x": {"float": [0, 1]},},\n'
                          ' "objective": {"minimize": "loss"}, "command": ["true", "{x}"]}')
        self.hpo("validate", path)
        with open(path) as file:
            done = self.hpo("validate", "-", "--explain", stdin=file)
        self.assertEqual(json.loads(done.stdout)["budget"]["trials"], 100)

    def test_a_dry_run_shows_what_will_be_sent(self):
        path = self.study(space={"x": {"float": [0, 1], "default": 0.25}},
                          command=["sh", "toy.sh", "--x={x}"],
                          environment={"vars": {"A": "1"}, "inherit": ["MINE"]})
        done = self.hpo("submit", path, "--dry-run", env={"MINE": "m", "OTHER": "o"})
        self.assertIn("sh toy.sh --x=0.25", done.stdout)
        self.assertIn("HPO_P_X=0.25", done.stdout)
        self.assertNotIn("OTHER", done.stdout)
        body = json.loads(self.hpo("submit", path, "--dry-run", "--json", "--name", "other",
                                   env={"MINE": "m"}).stdout)
        self.assertEqual(body["name"], "other")
        self.assertEqual(body["workdir"], self.root)
        self.assertEqual(body["environment"]["captured"]["MINE"], "m")
        self.assertEqual(body["environment"]["captured"]["HOME"], self.root)
        self.assertFalse(os.path.exists(self.state))
        self.hpo("submit", path, "--dry-run", "--name", "a/b", code=2)

    def test_a_dry_run_of_workers_shows_their_job_and_a_trial_in_it(self):
        for more, words in (({"type": "local"}, []), ({"type": "slurm", "time": "1h"},
                                                      ["--max-time 3590s", "--cpus-per-task=6"])):
            path = self.study(executor=dict(more, slots=2, cpus=3), workers=4, dispatch="workers")
            text = self.hpo("submit", path, "--dry-run").stdout
            for part in ["4 worker jobs of 2 slots", "6 cores", "--slots 2", "HPO_TRIAL=0", *words]:
                self.assertIn(part, text)

    def test_a_dry_run_says_alike_everywhere_what_is_given_at_the_start(self):
        path = self.study(command=["sh", "toy.sh", "{seed}", "{x}"])
        text = self.hpo("submit", path, "--dry-run").stdout
        self.assertIn("sh toy.sh '(given at the start)' '(given at the start)'", text)
        for line in ("x=(given at the start)", "HPO_SEED=(given at the start)"):
            self.assertIn("  " + line + "\n", text)

    def test_what_is_in_the_program_is_printed(self):
        self.assertIn("$schema", json.loads(self.hpo("schema").stdout))
        self.assertIn("def params(", self.hpo("helper", "python").stdout)
        self.assertIn("HPO-E0104", self.hpo("explain", "HPO-E0104").stdout)
        self.assertIn("HPO-E0104", self.hpo("explain").stdout)
        self.assertIn("next hpo explain HPO-E", self.hpo("explain", "HPO-E0l04", code=3).stderr)
        self.assertEqual(self.hpo("--version").stdout, self.hpo("version").stdout)
        for verb in self.verbs():
            done = self.hpo(*verb.split(), "--help")
            self.assertIn("Examples", done.stdout)
            self.assertIn("Usage  hpo " + verb, done.stdout)

    def verbs(self):
        lines = self.hpo("--help").stdout.split("\n\n")[1].splitlines()
        return [" ".join(line[2:17].split()) for line in lines]

    def test_the_program_is_static(self):
        done = subprocess.run(["ldd", HPO], capture_output=True, text=True, check=False)
        self.assertIn("not a dynamic executable", done.stderr + done.stdout)

    def test_a_full_disk_is_not_a_success(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([HPO, "schema"], env=self.env, stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("could not be written", done.stderr)


if __name__ == "__main__":
    unittest.main()
