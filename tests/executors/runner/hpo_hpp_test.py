"""hpo.hpp, the helper of trainings in C++: compiled as C++11 without a warning, then run."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from helper_case import HELPERS, HelperCase

COMPILER = os.environ.get("CXX", "c++")
FLAGS = ["-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
# What it does is its first argument. A second file includes the header too: all in it is inline.
PROGRAM = r"""
#include "hpo.hpp"
void other();
int main(int, char** argv) try {
  const std::string what = argv[1];
  other();
  if (what == "params") {
    std::cout << hpo::param("opt.lr", 0.5) << "|" << hpo::param("n", 3) << "|"
              << hpo::param("n", 3L) << "|" << hpo::param("wide", false) << "|"
              << hpo::param("word", "none") << "|" << hpo::trial() << "|"
              << hpo::last_step(40);
  } else if (what == "result") {
    hpo::report(1, {{"auc", 0.1}});
    hpo::report(2, {{"auc", NAN}, {"loss", -INFINITY}});
    hpo::result({{"auc", 0.1}, {"n", 3}});
  } else if (what == "status") {
    hpo::result("infeasible", "a \"b\" \\c\nd");
  } else if (what == "stop") {
    hpo::stop_at_report();
    std::cout << hpo::report(1, {{"auc", 0.1}});
    ::raise(SIGTERM);
    std::cout << hpo::report(2, {{"auc", 0.1}});
  } else if (what == "report") {
    std::cout << hpo::report(1, {{std::string(std::strtoul(argv[2], nullptr, 10), 'a'), 1}});
  } else if (what == "step") {
    hpo::report(std::strtod(argv[2], nullptr), {{"auc", 1}});
  } else if (what == "save") {
    for (int n = 1; n <= 3; ++n) {
      hpo::checkpoint([&](const std::string& folder) { std::ofstream(folder + "/state") << n; });
    }
    hpo::checkpoint([](const std::string&) { throw std::runtime_error("no space"); });
  } else if (what == "load") {
    std::cout << hpo::checkpoint_from();
  }
} catch (const std::exception& error) {
  std::cerr << error.what();
  return 1;
}
"""


class Cpp(HelperCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.program = pathlib.Path(folder.name) / "training"
        main, other = cls.program.with_suffix(".cpp"), cls.program.with_name("other.cpp")
        main.write_text(PROGRAM)
        other.write_text('#include "hpo.hpp"\nvoid other() { hpo::param("x", 1); }\n')
        subprocess.run([COMPILER, *FLAGS, "-I", HELPERS, main, other, "-o", cls.program],
                       check=True, timeout=250)

    def train(self, *words, code=0):
        return self.run_words([self.program, *words], code)

    def test_by_hand_params_are_the_defaults(self):
        self.assertEqual(self.train("params").stdout, "0.5|3|3|0|none|0|40")

    def test_a_step_is_a_whole_number_from_0(self):
        self.in_trial()
        for step in ("-1", "2.5", "nan", "inf", "1e300"):
            self.assertIn("no whole number from 0", self.train("step", step, code=1).stderr)
        self.train("step", "3.0")
        self.assertEqual(self.metrics(), [{"auc": 1, "step": 3}])

    def test_a_trials_params_have_the_types_of_the_defaults(self):
        self.in_trial(OPT_LR="1e-3", N="64.0", WIDE="true", WORD="it's \"a\"")
        self.environment.update(LC_ALL="de_DE.UTF-8", HPO_FIDELITY_MAX="81")
        self.assertEqual(self.train("params").stdout, "0.001|64|64|1|it's \"a\"|17|81")

    def test_a_param_of_another_type_is_named(self):
        self.in_trial()
        for name, text in (("OPT_LR", "relu"), ("OPT_LR", "1x"), ("N", "7.5"), ("WIDE", "1")):
            self.environment["HPO_P_" + name] = text
            self.assertIn("param '", self.train("params", code=1).stderr)
            del self.environment["HPO_P_" + name]

    def test_a_param_that_no_variable_can_hold_is_named(self):
        self.in_trial(word="x")
        del self.environment["HPO_P_WORD"]
        self.assertIn("does not fit", self.train("params", code=1).stderr)

    def test_reports_and_result_go_to_the_files_or_to_nobody(self):
        self.assertEqual(json.loads(self.train("result").stdout), {"auc": 0.1, "n": 3})
        self.assertEqual(os.listdir(self.directory), [])
        self.in_trial()
        self.assertEqual(self.train("result").stdout, "")
        self.assertEqual(self.metrics()[0], {"auc": 0.1, "step": 1})
        self.assertIn('{"auc": NaN, "loss": -Infinity, "step": 2}', self.read("metrics.jsonl"))
        self.assertEqual(json.loads(self.read("result.json")), {"auc": 0.1, "n": 3})
        self.assertEqual([name for name in os.listdir(self.directory) if "tmp" in name], [])

    def test_a_status_comes_with_its_message(self):
        self.in_trial()
        self.train("status")
        self.assertEqual(json.loads(self.read("result.json")),
                         {"values": {}, "status": "infeasible", "message": 'a "b" \\c d'})

    def test_a_report_is_at_most_4096_bytes(self):
        self.in_trial()
        overhead = len('{"": 1, "step": 1}\n')
        self.train("report", str(4096 - overhead))
        self.assertEqual(os.path.getsize(self.path("metrics.jsonl")), 4096)
        self.assertIn("4096 bytes", self.train("report", str(4097 - overhead), code=1).stderr)

    def test_a_report_says_when_to_stop_by_the_stop_file_or_by_sigterm(self):
        self.in_trial()
        self.assertEqual(self.train("stop").stdout, "01")
        (self.directory / "stop").write_text("cancelled\n")
        self.assertEqual(self.train("stop").stdout, "11")

    def test_a_checkpoint_takes_the_place_of_the_last_one_whole(self):
        self.in_trial()
        self.assertEqual(self.train("save", code=1).stderr, "no space")
        self.assertEqual(self.read("checkpoint/2/3/state"), "3")
        self.assertEqual(os.listdir(self.path("checkpoint/2")), ["3"])
        self.assertEqual(os.listdir(self.path("checkpoint")), ["2"])
        self.environment["HPO_CHECKPOINT_FROM"] = self.path("checkpoint/2")
        self.assertEqual(self.train("load").stdout, self.path("checkpoint/2/3"))

    def test_by_hand_a_checkpoint_is_thrown_away(self):
        self.train("save", code=1)
        self.assertEqual(os.listdir(self.directory), [])
        self.assertEqual(self.train("load").stdout, "")


if __name__ == "__main__":
    unittest.main()
