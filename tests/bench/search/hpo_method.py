"""Our strategies, through the program ask_tell: `hpo:tpe`, `hpo:gp,pending=kriging_believer`."""
import json
import os
import subprocess


class Method:
    """One study at a time; the program stays from study to study."""

    def __init__(self, strategy, options):
        self.strategy, self.options = strategy, options
        self.program = subprocess.Popen(
            [os.environ["HPO_ASK_TELL"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version = None

    def start(self, space, seed, budget, in_flight):
        """Nothing is said of noise: a study's default holds, as for the peers."""
        started = self._request(study={
            "version": 1, "name": "bench", "space": space, "objective": {"minimize": "value"},
            "command": ["true"], "workdir": "/", "seed": seed, "budget": {"trials": budget},
            "parallel": in_flight, "strategy": {"type": self.strategy, "options": self.options}})
        self.version = f"{started['strategy']} {started['version']}"

    def ask(self, count):
        """(number, params) of up to `count` trials, and the milliseconds for all of them."""
        answer = self._request(ask=count)
        return [(each["number"], each["params"]) for each in answer["trials"]], answer["cpu_ms"]

    def tell(self, number, value):
        self._request(tell={"number": number, "value": value})

    def close(self):
        self.program.stdin.close()
        self.program.wait()

    def _request(self, **request):
        self.program.stdin.write(json.dumps(request) + "\n")
        self.program.stdin.flush()
        answer = json.loads(self.program.stdout.readline() or '{"error": "ask_tell has ended"}')
        if "error" in answer:
            raise RuntimeError(f"hpo:{self.strategy}: {answer['error']} {answer.get('remedy', '')}")
        return answer
