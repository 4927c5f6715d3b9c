"""ask_tell as a program: each request has its reply, and a wrong one harms nothing."""
import json
import os
import pathlib
import subprocess
import unittest

ASK_TELL = pathlib.Path(os.environ["HPO_BIN"]).parent / "tests" / "ask_tell"
STUDY = {"version": 1, "name": "s", "space": {"x": {"float": [0, 1]}, "n": {"int": [1, 8]}},
         "objective": {"minimize": "value"}, "command": ["true"], "workdir": "/", "seed": 3,
         "strategy": {"type": "tpe"}}


def converse(*requests):
    text = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n"
                   for each in requests)
    done = subprocess.run([ASK_TELL], input=text, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"exit {done.returncode}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


class AskTell(unittest.TestCase):
    def test_a_study_is_asked_and_told_in_any_order(self):
        started, asked, second, first, again = converse(
            {"study": STUDY}, {"ask": 2}, {"tell": {"number": 1, "value": 0.5}},
            {"tell": {"number": 0, "state": "failed"}}, {"ask": 1})
        self.assertEqual((started["strategy"], type(started["version"])), ("tpe", int))
        self.assertEqual([each["number"] for each in asked["trials"]], [0, 1])
        self.assertTrue(all(0 <= each["params"]["x"] <= 1 for each in asked["trials"]))
        self.assertGreaterEqual(asked["cpu_ms"], 0)
        self.assertEqual((second, first), ({"finished": 1}, {"finished": 2}))
        self.assertEqual(again["trials"][0]["number"], 2)

    def test_the_same_conversation_gives_the_same_params_and_another_history_gives_others(self):
        def last(value):
            told = [request for n in range(15)
                    for request in ({"ask": 1}, {"tell": {"number": n, "value": value(n)}})]
            return converse({"study": STUDY}, *told, {"ask": 1})[-1]["trials"]
        self.assertEqual(last(lambda n: n), last(lambda n: n))
        self.assertNotEqual(last(lambda n: n), last(lambda n: -n))

    def test_a_wrong_request_is_answered_and_the_next_one_is_read(self):
        wrong = ["{", "[]", '{"tel": 1}', {"ask": 1}, {"study": {}},
                 {"study": {**STUDY, "strategy": {"type": "tpee"}}}]
        later = [{"ask": 0}, {"ask": 1.5}, {"ask": 10 ** 9}, {"tell": {"number": 7, "value": 1}},
                 {"tell": {"value": 1}}, {"tell": 3}]
        open_one = [{"tell": {"number": 0}}, {"tell": {"number": 0, "value": None}},
                    {"tell": {"number": 0, "state": "completed"}},
                    {"tell": {"number": 0, "state": "running"}}]
        replies = converse(*wrong, {"study": STUDY}, *later, {"ask": 1}, *open_one,
                           {"tell": {"number": 0, "value": 1}})
        has_error = ["error" in reply for reply in replies]
        self.assertEqual(has_error, [True] * 6 + [False] + [True] * 6 + [False] + [True] * 4 +
                         [False])

    def test_other_params_may_be_carried_out_than_those_proposed(self):
        asked, done, again, wrong = converse(
            {"study": STUDY}, {"ask": 1}, {"instead": {"number": 0, "params": {"x": 0.5, "n": 3}}},
            {"ask": 1}, {"instead": {"number": 1, "params": {"x": 2, "n": 3}}})[1:]
        self.assertEqual((done, asked["trials"][0]["number"]), ({}, 0))
        self.assertEqual(again["trials"][0]["number"], 1)
        self.assertIn("error", wrong)

    def test_reports_are_kept_where_a_trial_first_reaches_a_rung(self):
        study = {**STUDY, "strategy": "bohb", "fidelity": {"name": "epochs", "min": 2, "max": 9}}
        def told(step, number=0):
            return {"report": {"number": number, "step": step, "value": 0.5}}
        replies = converse({"study": study}, {"ask": 1}, told(1), told(2), told(3), told(6),
                           told(7), told(2, number=1), {"report": {"number": 0, "step": 1}})
        self.assertEqual([reply.get("rungs") for reply in replies[2:]], [0, 1, 1, 2, 2, None, None])
        self.assertIn("error", replies[-1])

    def test_a_second_study_starts_anew(self):
        replies = converse({"study": STUDY}, {"ask": 3}, {"study": STUDY}, {"ask": 3})
        self.assertEqual(replies[1]["trials"], replies[3]["trials"])


if __name__ == "__main__":
    unittest.main()
