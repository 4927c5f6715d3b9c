"""What the verbs answer in each of their forms, and what they ask on a terminal."""
import json
import os
import re
import signal
import socket
import unittest

from support import HpoTest, wait_until, write_endpoint

SOURCE = os.environ["HPO_SOURCE"]
SLEEPS = "exec sleep 600"
TRAINING = """
import time
import hpo
p = hpo.params({"x": 0.5})
for epoch in range(1, 28):
    time.sleep(0.1 if p["x"] > 0.7 else 0.01)  # what is hopeless is slow enough to be stopped
    if hpo.report(epoch, loss=p["x"] + 1 / epoch):
        break
hpo.result(loss=p["x"] + 1 / epoch)
"""


def content(*names):
    with open(os.path.join(SOURCE, *names), encoding="utf-8") as file:
        return file.read()


class Questions(HpoTest):
    def answered(self, answer):
        self.hpo("submit", self.study(script=SLEEPS))
        terminal = self.terminal("cancel", "toy")
        terminal.read_until(lambda text: "cancel study toy for good? [y/N]" in text, "a question")
        os.write(terminal.fd, answer)
        return terminal.exit_code(), terminal.text

    def test_cancel_asks_and_y_cancels(self):
        self.assertEqual(self.answered(b"y\n")[0], 0)
        self.wait_for_state("toy", "cancelled")

    def test_n_and_the_end_of_the_input_cancel_nothing(self):
        for answer in (b"n\n", b"\n", b"\x04"):
            code, text = self.answered(answer)
            self.assertEqual(code, 1)
            self.assertIn("nothing was cancelled", text)
        self.assertEqual(self.hpo_json("status", "toy")["state"], "running")
        self.hpo("cancel", "toy", "-y")
        self.wait_for_state("toy", "cancelled")


class Forms(HpoTest):
    def test_a_study_comes_from_stdin_and_takes_another_name(self):
        path = self.study(command=["true"])
        with open(path) as file:
            done = self.hpo("submit", "-", "--name", "other", stdin=file)
        self.assertEqual(done.stdout, "other\n")
        status = self.hpo_json("status", "other")
        self.assertEqual((status["name"], status["spec"]["workdir"]), ("other", self.root))

    def test_a_value_is_null_unless_the_trial_is_completed(self):
        script = "echo \"hpo-result {\\\"loss\\\": 1}\"; exit $((HPO_TRIAL % 2 * 3))"
        self.finished(script=script)
        found = {(trial["state"], trial["value"])
                 for trial in self.hpo_json("trials", "toy")["trials"]}
        self.assertEqual(found, {("completed", 1), ("infeasible", None)})

    def test_failures_as_json_and_all_of_them_once_more(self):
        script = "[ -e mended ] || { echo \"no $HPO_TRIAL\" >&2; exit 7; }; " \
                 "echo 'hpo-result {\"loss\": 1}'"
        self.finished(script=script, budget={"trials": 2}, parallel=1)
        failures, = self.hpo_json("logs", "toy", "--failed")["failures"]
        self.assertEqual(failures, {"count": 2, "failure": "exit_code", "line": "no 1", "trial": 1})
        self.write("mended", "")
        self.assertEqual(self.hpo_json("retry", "toy"), {"study": "toy", "trials": [2, 3]})
        wait_until(lambda: self.hpo_json("status", "toy")["trials"]["completed"] == 2, "retried")
        self.assertEqual(self.hpo_json("trial", "toy/2")["retry_of"], 0)

    def test_deaths_by_different_signals_are_told_apart(self):
        script = "echo err of $HPO_TRIAL >&2; kill -$((9 + HPO_TRIAL * 2)) $$"
        self.finished(script=script, budget={"trials": 2}, retry={"max": 0})
        failures = self.hpo_json("logs", "toy", "--failed")["failures"]
        self.assertEqual(sorted((each["count"], each["line"]) for each in failures),
                         [(1, "the training was ended by SIGKILL; last line: err of 0"),
                          (1, "the training was ended by SIGSEGV; last line: err of 1")])

    def test_logs_of_each_attempt(self):
        script = "echo attempt $HPO_ATTEMPT; [ $HPO_ATTEMPT = 2 ] || exit 75; " \
                 "echo 'hpo-result {\"loss\": 1}'"
        self.finished(script=script, budget={"trials": 1}, retry={"max": 1})
        for number in ("1", "2"):
            self.assertEqual(self.hpo("logs", "toy/0", "--attempt", number).stdout.splitlines()[0],
                             "attempt " + number)
        self.assertEqual(self.hpo("logs", "toy/0").stdout.splitlines()[0], "attempt 2")
        done = self.hpo("logs", "toy/0", "--attempt", "3", code=3)
        self.assertIn("next attempts are 1 to 2: hpo trial toy/0", done.stderr)

    def test_a_long_log_is_one_document(self):
        script = "yes abcdefg | head -n 100000; echo 'hpo-result {\"loss\": 1}'"
        self.finished(script=script, budget={"trials": 1})
        log = self.hpo_json("logs", "toy/0")
        self.assertEqual(list(log), ["attempt", "stream", "offset", "next_offset", "size", "text"])
        self.assertEqual((log["attempt"], log["stream"], log["offset"]), (1, "stdout", 0))
        self.assertEqual(log["size"], log["next_offset"])
        self.assertEqual(log["text"], self.hpo("logs", "toy/0").stdout)
        self.assertEqual(len(log["text"]), log["size"])
        pieces = self.hpo("logs", "toy/0", "--json", "-f").stdout.splitlines()
        self.assertGreater(len(pieces), 1)
        self.assertEqual("".join(json.loads(piece)["text"] for piece in pieces), log["text"])


class Daemons(HpoTest):
    def test_start_and_status_print_what_they_found(self):
        started = self.hpo_json("daemon", "start")
        status = self.hpo_json("daemon", "status")
        self.assertEqual({**started, "ready": True, "reason": ""}, status)
        self.assertLessEqual({"pid", "version", "state_dir", "socket", "started_at", "studies"},
                             set(status))
        self.assertEqual(status["state_dir"], self.state)
        self.assertEqual(self.hpo_json("version"), {"version": status["version"]})

    def test_so_many_lines_of_its_log(self):
        self.hpo("daemon", "start")
        self.hpo("daemon", "stop")
        lines = self.hpo("daemon", "logs").stdout.splitlines()
        self.assertGreater(len(lines), 1)
        self.assertEqual(self.hpo("daemon", "logs", "-n", "1").stdout.splitlines(), lines[-1:])
        self.hpo("daemon", "logs", "-n", "0", code=2)

    @unittest.skipUnless(os.geteuid() == 0, "only root can be another user for a moment")
    def test_another_users_socket_is_exit_4(self):
        os.makedirs(self.state)
        path = os.path.join(self.state, "hpo.sock")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            os.seteuid(65534)
            try:
                listener.listen()  # whose peer is who called this
            finally:
                os.seteuid(0)
            write_endpoint(self.state, boot_id="")
            done = self.hpo("status", code=4)
        self.assertIn("the socket is another user's", done.stderr)
        self.assertIn("export HPO_STATE_DIR=", done.stderr)

    def test_a_daemon_that_does_not_end_is_exit_7(self):
        self.hpo("daemon", "start")
        pid = self.hpo_json("daemon", "status")["pid"]
        os.kill(pid, signal.SIGSTOP)
        try:
            done = self.hpo("daemon", "stop", code=7)
        finally:
            os.kill(pid, signal.SIGCONT)
        self.assertIn("still ending", done.stderr)
        wait_until(lambda: not os.path.exists(self.state + "/endpoint.json"), "it ends")


class Contents(HpoTest):
    def test_what_is_in_the_program_is_the_file_byte_for_byte(self):
        for language, name in ("python", "hpo.py"), ("cpp", "hpo.hpp"), ("sh", "hpo.sh"):
            self.assertEqual(self.hpo("helper", language).stdout,
                             content("executors/runner/helpers/" + name))
        self.assertEqual(self.hpo("schema").stdout, content("schema/json/study.schema.json"))

    def test_every_code_is_explained(self):
        lines = self.hpo("explain").stdout.splitlines()[1:]
        titles = dict(line.split("\t") for line in lines)
        self.assertGreater(len(titles), 50)
        for code, title in titles.items():
            text = self.hpo("explain", code).stdout
            self.assertIn(code, text)
            self.assertIn(title, text)
            self.assertGreater(len(text.splitlines()), 2, text)


class Early(HpoTest):
    def submit(self, name, **keys):
        self.write("hpo.py", self.hpo("helper", "python").stdout)
        self.write("train.py", TRAINING)
        self.hpo("submit", self.study(
            name, command=["python3", "train.py"], strategy="sobol", budget={"trials": 24},
            parallel=4, pruner="asha", fidelity={"name": "epochs", "min": 3, "max": 27, "eta": 3},
            **keys))

    def check_pruned(self, name):
        """Some were; the best was not, and came to the end."""
        trials = self.hpo_json("status", name)["trials"]
        self.assertGreater(trials["pruned"], 0)
        self.assertEqual(trials["pruned"] + trials["completed"], 24)
        best = self.hpo_json("trial", "%s/%d" % (name, self.hpo_json("best", name)["trial"]))
        self.assertEqual(best["step"], 27)

    def test_watch_trials_and_trial_show_what_was_stopped_and_why(self):
        self.submit("toy")
        watch = self.terminal("watch", "toy")
        self.assertEqual(watch.exit_code(), 0)
        self.assertRegex(watch.text, r"loss by step: of \d+ trials")
        self.check_pruned("toy")
        header, *rows = [line.split("\t") for line in
                         self.hpo("trials", "toy", "--state", "pruned").stdout.splitlines()]
        self.assertEqual(header[-3:], ["STEP", "RUNG", "REASON"])
        for row in rows:
            reason = re.match(r"value \S+ at step (\d+) is not among the best third", row[-1])
            self.assertLessEqual(int(reason[1]), int(row[-3]))  # the last step that it told
        shown = self.hpo("trial", "toy/" + rows[0][0]).stdout
        self.assertRegex(shown, r"(?m)^steps\n  told +\d+, from \S+ at step 1 to \S+ at step ")
        self.assertRegex(shown, r"pruner +(step .*\n +)*step \d+, rung \d: stop, value ")
        self.assertRegex(shown, r"attempts\n  1 .*(told to stop|stopped by the pruner at step \d)")
        drawn = self.hpo("trial", "toy/0", env={"HPO_FORCE_TTY": "90", "NO_COLOR": "1"}).stdout
        self.assertRegex(drawn, "┤[\u2801-\u28ff]")
        reports = self.hpo("export", "toy", "--reports", "--format", "csv").stdout
        self.assertTrue(reports.startswith("trial,step,attempt,seq,value,"))
        self.assertEqual(len(re.findall(r"(?m)^%s,1,1," % rows[0][0], reports)), 1)

    def test_trials_that_are_pulled_are_stopped_too(self):
        self.submit("toy", executor={"type": "external"})
        self.hpo("worker", "--study", "toy", "--slots", "4")
        self.check_pruned("toy")


if __name__ == "__main__":
    unittest.main()
