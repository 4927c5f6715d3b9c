#!/usr/bin/env bash
# From a fresh checkout to a tuned model: installs, builds, starts a daemon, tunes examples/jets,
# and compares the best params with the defaults on jets that the study never saw.
# A second call builds nothing. It ends the daemon that it started, and no other.
set -euo pipefail
cd "$(dirname "$0")/.."

tests/deps.sh
build=${HPO_BUILD_DIR:-build}
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release ${HPO_CMAKE_OPTIONS:--DHPO_TESTS=OFF} >/dev/null
cmake --build "$build" --target hpo hpod
export PATH="$PWD/$build/bin:$PATH"

# The first python3 of a login shell may lack numpy; Debian's has it.
python3 -c 'import numpy' 2>/dev/null || export PATH="/usr/bin:$PATH"
export OPENBLAS_NUM_THREADS=1

started=false
if ! hpo daemon status --json >/dev/null 2>&1; then
  hpo daemon start
  started=true
fi
stop() { if $started; then hpo daemon stop; fi; }
trap stop EXIT

# A study of this name that has ended stays as it is; the new one is jets-2, jets-3, …
name=$(hpo submit examples/jets/study.json | cat)
hpo watch "$name"
hpo best "$name"
hpo best "$name" --format json | python3 examples/jets/compare.py
