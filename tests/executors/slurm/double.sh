#!/bin/bash
# A Slurm of one node for tests: sbatch, squeue, scancel and sacct by the name it is called by. Jobs
# are processes of this machine, each in a session of its own; their files lie beside this one.
set -u
root=$(dirname "$0")/jobs
mkdir -p "$root"

submit() {
  local name='' output='' directory=. option
  while [[ ${1:-} == --* ]]; do
    option=$1; shift
    case $option in
      --job-name=*) name=${option#*=} ;;
      --output=*) output=${option#*=} ;;
      --chdir=*) directory=${option#*=} ;;
    esac
  done
  local id=1
  until mkdir "$root/$id" 2>/dev/null; do id=$((id + 1)); done
  echo "$name" > "$root/$id/name"
  cd "$directory" || exit 1
  SLURM_JOB_ID=$id setsid bash "$0" run "$root/$id" "$@" < /dev/null >> "${output//'%%'/%}" 2>&1 &
  until [[ -e $root/$id/pid ]]; do sleep 0.01; done
  echo "$id"
}

run() {
  local job=$1
  shift
  bash "$@" &
  echo $! > "$job/pid.new"
  mv "$job/pid.new" "$job/pid"
  wait $!
  echo $? > "$job/end.new"
  mv "$job/end.new" "$job/end"
}

list() {
  local job state name
  for job in "$root"/*/; do
    [[ -e $job/pid ]] || continue
    state=RUNNING
    if [[ -e $job/end ]]; then
      state=COMPLETED
      [[ $(< "$job/end") == 0 ]] || state=FAILED
      [[ -e $job/cancelled ]] && state=CANCELLED
    fi
    name=$(< "$job/name")
    echo "$(basename "$job")|$state|1|1|N/A|n1|$name|None|$name|."
  done
}

cancel() {
  local name='' mark=cancelled id
  while [[ ${1:-} == --* ]]; do
    case $1 in
      --name=*) name=${1#*=} ;;
      --batch) mark=told ;;
    esac
    shift
  done
  for id in "$@"; do
    [[ -e $root/$id/pid && ! -e $root/$id/end ]] || continue
    [[ -z $name || $name == "$(< "$root/$id/name")" ]] || continue
    : > "$root/$id/$mark"
    kill -TERM "$(< "$root/$id/pid")" 2>/dev/null || true  # over by now
  done
}

[[ ${1:-} == run ]] && { shift; run "$@"; exit; }
case $(basename "$0") in
  sbatch) submit "$@" ;;
  squeue) list ;;
  scancel) cancel "$@" ;;
  sacct) echo 'Slurm accounting storage is disabled' >&2; exit 1 ;;
esac
