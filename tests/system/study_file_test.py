#!/usr/bin/env python3
"""Study files that are broken, huge or hostile, by `hpo submit` and by REST: refused with the place
and the remedy, quickly, and the daemon never notices."""
import http.client
import json
import pathlib
import shutil
import socket
import tempfile
import time
import unittest

from daemon import Daemon, memory_peak, study

USAGE = 2
REFUSAL_S = 5  # a broken file is refused at once, on a busy machine too
STUDY_BYTES_MAX = 4 << 20
GROWTH_BYTES_MAX = 64 << 20  # of the daemon, whatever it was sent; 10 MiB were seen


def padded(size):
    """A legal study of `size` bytes."""
    text = json.dumps(study("padded", ["true"], trials=1, description=""))
    return text.replace('"description": ""',
                        '"description": ""' + " " * (size - len(text))).encode()


DEEP = "more than 32 brackets inside one another"
BROKEN = {
    "empty": (b"", 400, "empty"),
    "truncated": (json.dumps(study("t", ["true"])).encode()[:-20], 400,
                  "without its closing quote"),
    "brackets": (b"[" * 10**6, 400, DEEP),
    "braces": (b'{"a":' * 200_000, 400, DEEP),
    "latin-1": (b'{"name": "caf\xe9"}', 400, "UTF-8"),
    "nul": (b'{"name": "a\0b"}', 400, ""),
    "binary": (bytes(range(256)) * 100, 400, ""),
    "duplicate": (b'{"name": "a", "name": "b"}', 400, "name"),
    "list": (b"[1, 2]", 422, "object"),
    "number": (b"1e999", 400, ""),
    "typo": (b'{"nmae": "a"}', 422, '"name"'),
}


class StudyFileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon.started(cls.addClassCleanup)
        cls.at_start = memory_peak(cls.daemon.process.pid)

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpo-file-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)

    def tearDown(self):
        peak = memory_peak(self.daemon.process.pid)
        self.assertLess(peak - self.at_start, GROWTH_BYTES_MAX, "memory is bounded")
        self.assertIsNone(self.daemon.process.poll(), "the daemon lives")
        self.assertEqual(self.daemon.get("/v1/studies")["studies"], [])

    def submit(self, data):
        path = self.scratch / "study.json"
        path.write_bytes(data)
        begin = time.monotonic()
        done = self.daemon.hpo("submit", path)
        self.assertLess(time.monotonic() - begin, REFUSAL_S)
        self.assertEqual(done.returncode, USAGE, done.stderr[-2000:])
        self.assertLess(len(done.stderr), 20_000)
        self.assertIn("hpo explain HPO-E", done.stderr)
        return done.stderr

    def test_broken_files_are_refused_with_place_by_the_command_line(self):
        for name, (data, _, part) in BROKEN.items():
            with self.subTest(name=name):
                told = self.submit(data)
                self.assertIn(part, told)
                self.assertRegex(told, r"study\.json:\d+:\d+")

    def test_broken_bodies_are_refused_with_place_by_rest(self):
        for name, (data, status, part) in BROKEN.items():
            with self.subTest(name=name):
                begin = time.monotonic()
                found, problem = self.daemon.request("POST", "/v1/studies", data)
                self.assertLess(time.monotonic() - begin, REFUSAL_S)
                self.assertEqual(found, status, problem)
                self.assertIn(part, json.dumps(problem, ensure_ascii=False).replace('\\"', '"'))
                if data:
                    self.assertGreaterEqual(problem["errors"][0]["line"], 1)

    def test_a_file_of_5_mib_is_refused_with_the_limit(self):
        self.assertIn(f"at most {STUDY_BYTES_MAX} are read", self.submit(padded(5 << 20)))

    def test_a_body_of_5_mib_is_refused_before_it_is_read(self):
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(client.close)
        client.settimeout(REFUSAL_S)
        client.connect(self.daemon.socket_path)
        client.sendall(b"POST /v1/studies HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                       b"application/json\r\nContent-Length: %d\r\n\r\n" % (5 << 20))
        reply = http.client.HTTPResponse(client)
        reply.begin()
        self.assertEqual(reply.status, 413)
        self.assertIn(str(STUDY_BYTES_MAX), json.loads(reply.read())["detail"])

    def test_the_limit_itself_is_legal_and_one_byte_more_is_not(self):
        checked, _ = self.daemon.request("POST", "/v1/validate", padded(STUDY_BYTES_MAX))
        self.assertEqual(checked, 200)
        self.assertIn(f"at most {STUDY_BYTES_MAX} are read",
                      self.submit(padded(STUDY_BYTES_MAX + 1)))

    def test_what_is_no_file_is_told(self):
        for path in (self.scratch, self.scratch / "none.json"):
            done = self.daemon.hpo("submit", path)
            self.assertEqual(done.returncode, USAGE)
            self.assertIn(str(path), done.stderr)

    def test_a_name_is_no_path(self):
        for name in ("../../x", "a/b", "", ".", "x" * 65, "a b", "-x", "a\nb"):
            with self.subTest(name=name):
                found, problem = self.daemon.request("POST", "/v1/studies", study(name, ["true"]))
                self.assertEqual(found, 422, problem)
                self.assertEqual(problem["errors"][0]["pointer"], "/name")


if __name__ == "__main__":
    unittest.main(verbosity=2)
