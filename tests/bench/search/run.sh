#!/usr/bin/env bash
# Search, side by side with peers: carries out the studies that are missing, then reports.
#   tests/bench/search/run.sh                                 all but GP, 20 seeds (see README.md)
#   tests/bench/search/run.sh --methods hpo:gp optuna:gp optuna:random --jobs 2
#   tests/bench/search/run.sh --problems 'bbob/*-d2' --seeds 3 --in-flight 8
#   tests/bench/search/run.sh --report                        of what is there
set -euo pipefail
cd "$(dirname "$0")/../../.."
build=${HPO_BUILD_DIR:-build}
if [[ -z ${HPO_BENCH_BIN:-} ]]; then
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHPO_TESTS=ON >/dev/null
  cmake --build "$build" --target ask_tell >/dev/null
fi
export HPO_BENCH_BIN=${HPO_BENCH_BIN:-$PWD/$build/tests} PYTHONDONTWRITEBYTECODE=1
python3 tests/bench/search/search.py "$@"
