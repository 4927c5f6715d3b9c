#!/usr/bin/env bash
# Measures hpo against its limits and peers; keeps the figures in tests/bench/figures.jsonl.
#   tests/bench/run.sh                  all (about 20 minutes on two quiet cores)
#   tests/bench/run.sh writes trues     some: writes sleeps trues large calls idle slurm-queue
#                                       slurm-double slurm-line slurm-pace slurm-workers asks
#                                       http-asks warm asha live-jets pulled_sleeps pulled_trues
# HPO_BENCH_DIR chooses the disk (default /var/tmp), HPO_BUILD_DIR the build directory.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${HPO_BUILD_DIR:-build}
if [[ -z ${HPO_BENCH_BIN:-} ]]; then
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHPO_TESTS=ON >/dev/null
  cmake --build "$build" --target hpo hpod pruner_tell ask_tell benchmarks
fi
export HPO_BIN=${HPO_BIN:-$PWD/$build/bin} PYTHONDONTWRITEBYTECODE=1
cat /proc/loadavg
python3 tests/bench/bench.py "$@"
python3 tests/bench/table.py
