"""hpo.serve: trials forked from a script that is warm, each a process of its own.

The test is the runner: it starts the server, sends requests, and gets the trials as its children.
"""
import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import unittest

from helper_case import HELPERS, HelperCase

PR_SET_CHILD_SUBREAPER = 36
SCRIPT = """
import os, sys
sys.path.insert(0, os.environ["HELPERS"])
import hpo
loaded = os.getpid()
{load}
def train(p):
    {train}
hpo.serve(train, {{"x": 7}})
{behind}
"""


class Warm(HelperCase):
    def setUp(self):
        super().setUp()
        signal.alarm(100)  # waitpid has no deadline of its own
        self.addCleanup(signal.alarm, 0)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        self.addCleanup(ctypes.CDLL(None).prctl, PR_SET_CHILD_SUBREAPER, 0)
        self.environment.update(HELPERS=str(HELPERS), SERVER="yes")

    def serve(self, train, load="", behind="", says=""):
        """Starts it and waits until it is warm."""
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        ours.settimeout(60)
        self.script(train, load, behind)
        with theirs, open(self.path("server"), "w") as log:
            self.server = subprocess.Popen(
                [sys.executable, self.path("train.py"), "--lr={lr}"], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, pass_fds=[theirs.fileno()],
                env=dict(self.environment, HPO_WARM_FD=str(theirs.fileno())))
        self.addCleanup(self.end_server)
        self.channel, self.lines, self.last = ours, ours.makefile("rb"), self.server.pid
        hello = self.answer()
        self.assertEqual((hello["protocol"], hello["pid"]), (1, self.server.pid))
        self.last = hello["server"]
        self.assertIn(says, self.read("server"))

    def script(self, train, load="", behind=""):
        text = SCRIPT.format(load=load, train=train.replace("\n", "\n    "), behind=behind)
        (self.directory / "train.py").write_text(text)

    def end_server(self):
        with contextlib.suppress(OSError):  # it was closed
            self.channel.shutdown(socket.SHUT_RDWR)
        if self.server.poll() is None:
            self.server.kill()
        self.server.wait()
        with contextlib.suppress(ChildProcessError):  # it was waited for
            os.waitpid(self.last, 0)

    def answer(self):
        line = self.lines.readline()
        return json.loads(line) if line else None

    def request(self, job, stdout, **more):
        directory = self.directory / job
        directory.mkdir(exist_ok=True)
        (directory / "params.json").write_text('{"params": {"x": 1}}')
        variables = {"PATH": os.environ["PATH"], "HPO_PARAMS_FILE": str(directory / "params.json"),
                     "HPO_RESULT_FILE": str(directory / "result.json"), "HPO_JOB": job,
                     "HPO_SEED": str(sum(job.encode()))}
        request = dict(job=job, parent=os.getpid(), workdir=str(directory), stdout=stdout,
                       stderr=str(directory / "stderr"), argv=["python3", "train.py", "--lr=0.5"],
                       environment=[f"{key}={value}" for key, value in variables.items()])
        return dict(request, **more)

    def send(self, job, **more):
        """Returns the answer, and the read end of the trial's stdout."""
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        request = self.request(job, f"/proc/{os.getpid()}/fd/{write}", **more)
        self.channel.sendall((json.dumps(request) + "\n").encode())
        answer = self.answer()
        os.close(write)
        if "pid" in answer:
            self.assertEqual(answer["pid"], self.last, "the one that was asked trains")
        self.last = answer["server"]
        return answer, read

    def trial(self, job="a", **more):
        """Its exit code, or minus the signal, and what it printed."""
        answer, read = self.send(job, **more)
        self.assertEqual(answer["job"], job)
        out = open(read, "rb", closefd=False).read().decode()
        _, status = os.waitpid(answer["pid"], 0)
        return os.waitstatus_to_exitcode(status), out

    def errors(self, job="a"):
        return self.read(job + "/stderr")


class Trials(Warm):
    def test_a_script_loads_once_and_each_trial_is_a_child_of_the_runner(self):
        self.serve("print(loaded, os.getppid(), os.getpgrp() == os.getpid())\n"
                   "hpo.result(loss=p['x'])")
        for job in ("a", "b"):
            self.assertEqual(self.trial(job), (0, f"{self.server.pid} {os.getpid()} True\n"))
            self.assertEqual(json.loads(self.read(job + "/result.json")), {"loss": 1})

    def test_trial_after_trial_the_server_stays_as_it_is_and_nothing_is_left(self):
        self.serve("import inspect\n"
                   "print(len(inspect.stack()), sorted(os.listdir('/proc/self/fd')), end='')")
        told = {self.trial(f"a{k}") for k in range(50)}
        self.assertEqual(len(told), 1, told)
        self.channel.shutdown(socket.SHUT_WR)
        self.assertEqual(self.server.wait(60), 0)
        self.assertEqual(os.waitpid(self.last, 0)[1], 0)
        self.assertRaises(ChildProcessError, os.wait)

    def test_it_has_the_trials_environment_directory_and_arguments_and_nothing_else(self):
        self.serve("print(sorted(os.environ), os.getcwd(), sys.argv[1:], os.getenv('A'),\n"
                   "      flush=True)\n"
                   "os.system('echo $A')")
        _, out = self.trial(environment=["A=ä=b", "B="])
        self.assertEqual(out, f"['A', 'B'] {self.directory}/a ['--lr=0.5'] ä=b\nä=b\n")

    def test_a_trial_may_have_fewer_arguments_than_the_server(self):
        self.serve("print(sys.argv[1:])")
        for job, own in (("a", ["--lr=0.5"]), ("b", [])):
            told = self.trial(job, argv=["python3", "train.py", *own], words=3)
            self.assertEqual(told, (0, f"{own}\n"))

    def test_it_ends_as_a_script_does(self):
        ends = {"pass": 0, "sys.exit()": 0, "sys.exit(3)": 3, "sys.exit('no data')": 1,
                "raise ValueError('bad')": 1, "os._exit(75)": 75, "os.abort()": -signal.SIGABRT,
                "os.kill(os.getpid(), 11)": -signal.SIGSEGV, "sys.exit(256 + 4)": 4,
                "raise KeyboardInterrupt": -signal.SIGINT}
        self.serve("exec(os.environ['END'])")
        for end, code in ends.items():
            with self.subTest(end=end):
                self.assertEqual(self.trial("a", environment=["END=" + end])[0], code)
        text = self.errors()
        self.assertIn("no data\n", text)
        self.assertRegex(text, "Traceback(?s:.)*ValueError: bad(?s:.)*KeyboardInterrupt")

    def test_what_it_prints_and_registers_is_done_before_it_ends(self):
        self.serve("import atexit, threading\n"
                   "atexit.register(print, 'atexit')\n"
                   "threading.Timer(0.05, lambda: print('thread')).start()\n"
                   "print('train')")
        self.assertEqual(self.trial(), (0, "train\nthread\natexit\n"))

    def test_what_the_server_has_open_and_registered_stays_the_servers(self):
        self.serve("print(os.path.exists(kept.name))\ndel globals()['kept']",
                   load="import atexit, tempfile\nkept = tempfile.TemporaryDirectory()\n"
                        "atexit.register(print, 'end of the server')\n"
                        "print('loaded')")
        for job in ("a", "b"):
            self.assertEqual(self.trial(job), (0, "True\n"))
        self.channel.shutdown(socket.SHUT_WR)
        self.assertEqual(self.server.wait(60), 0)
        self.assertEqual(self.read("server"), "loaded\nend of the server\n")

    def test_random_numbers_differ_between_trials_and_repeat_with_the_seed(self):
        self.serve("print(random.random(), numpy.random.random())",
                   load="import random, numpy.random")
        first, second, again = (self.trial(job)[1] for job in ("a", "b", "a"))
        self.assertNotEqual(first, second)
        self.assertEqual(first, again)

    def test_a_training_leaves_no_trace_in_the_next(self):
        self.serve("global seen; seen += 1; os.environ['X'] = 'x'; os.umask(0); print(seen)",
                   load="seen = 0")
        self.assertEqual(self.trial("a"), self.trial("b"))

    def test_it_hears_signals_as_a_script_does_and_the_server_does_not(self):
        self.serve("import time\nprint('ready', flush=True)\ntime.sleep(1000)")
        answer, read = self.send("a")
        self.assertEqual(open(read, closefd=False).readline(), "ready\n")
        os.killpg(answer["pid"], signal.SIGTERM)
        self.assertEqual(os.waitpid(answer["pid"], 0)[1], signal.SIGTERM)
        self.assertIsNone(self.server.poll())

    def test_one_that_is_asked_for_while_another_runs_is_refused(self):
        self.serve("os.path.exists('pipe') and os.read(os.open('pipe', os.O_RDONLY), 1)")
        (self.directory / "a").mkdir()
        os.mkfifo(self.directory / "a" / "pipe")
        first, _ = self.send("a")
        self.assertIn("did not become a child", self.send("b")[0]["error"])
        (self.directory / "a" / "pipe").write_text("a")
        self.assertEqual(os.waitpid(first["pid"], 0)[1], 0)
        os.waitpid(first["server"], 0)


class Server(Warm):
    def test_lines_that_are_no_requests_are_answered_and_cost_nothing(self):
        self.serve("print('trained')")
        for line in (b"garbage", b"[1]", b"{}", b"\xff\xfe", b"3", b"[" * 5000, b'{"job": "x"}'):
            self.channel.sendall(line + b"\n")
            answer = self.answer()
            self.assertIn("error", answer, line)
        self.assertEqual(os.waitpid(self.last, 0)[1] >> 8, 127, "the last had a job")
        self.last = answer["server"]
        self.assertEqual(self.trial(), (0, "trained\n"))

    def test_a_trial_that_cannot_begin_is_told_with_the_reason(self):
        self.serve("print('trained')")
        for more, why in (({"workdir": "/nowhere"}, "/nowhere"),
                          ({"stderr": "/nowhere/x"}, "/nowhere"), ({"environment": 3}, "int"),
                          ({"parent": 1}, "did not become a child"),
                          ({"environment": ["A=\0"]}, "null byte")):
            asked = self.last
            answer, _ = self.send("a", **more)
            self.assertIn(why, answer["error"])
            self.assertEqual(os.waitpid(asked, 0)[1] >> 8, 127)
        self.assertEqual(self.trial(), (0, "trained\n"))

    def test_it_ends_when_the_runner_closes_the_channel(self):
        self.serve("pass", behind="print('behind')")
        self.channel.shutdown(socket.SHUT_WR)
        self.assertEqual(self.server.wait(60), 0)
        self.assertEqual(self.read("server"), "behind\n")

    def test_a_trial_outlives_its_server(self):
        self.serve("os.read(os.open('pipe', os.O_RDONLY), 1); print('trained')")
        (self.directory / "a").mkdir()
        os.mkfifo(self.directory / "a" / "pipe")
        answer, read = self.send("a")
        os.kill(answer["server"], signal.SIGKILL)
        self.assertIsNone(self.answer(), "the trial holds no end of the channel")
        self.assertEqual(self.server.wait(60), 0, "nor what the script waits for")
        (self.directory / "a" / "pipe").write_text("x")
        self.assertEqual(open(read, closefd=False).readline(), "trained\n")
        self.assertEqual(os.waitpid(answer["pid"], 0)[1], 0)

    def test_a_trial_dies_with_the_runner(self):
        told, tell = os.pipe()
        runner = os.fork()
        if runner == 0:  # another one than us, so that it can be killed
            try:
                ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
                self.serve("import signal\nwhile True: signal.pause()")
                os.write(tell, b"%d %d %d" % (self.server.pid, self.send("a")[0]["pid"], self.last))
                signal.pause()
            finally:
                os._exit(1)
        os.close(tell)
        script, trial, server = (int(word) for word in os.read(told, 99).split())
        os.close(told)
        os.kill(runner, signal.SIGKILL)
        os.waitpid(runner, 0)
        # They are ours now, the subreaper above their runner.
        self.assertEqual(os.waitpid(trial, 0)[1], signal.SIGKILL)
        for pid in (server, script):
            self.assertEqual(os.waitpid(pid, 0)[1], 0, "it saw the end of the channel")

    def test_threads_are_warned_of(self):
        load = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True, " \
               "name='loader').start()"
        self.serve("pass", load=load, says="loader")

    def test_one_by_one_and_by_hand_it_is_a_plain_training(self):
        self.script("hpo.result(loss=p['x'])")
        done = self.run_words([sys.executable, self.path("train.py")])
        self.assertEqual(json.loads(done.stdout), {"loss": 7})
        self.script("sys.exit(3)")
        self.run_words([sys.executable, self.path("train.py")], code=3)


if __name__ == "__main__":
    unittest.main()
