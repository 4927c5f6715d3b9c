# What a training in shell needs of hpo: POSIX functions, to be read in by `. ./hpo.sh`.
#
#   rate=$(hpo_param learning_rate 0.001)      # of the trial; by hand the default
#   for step in $(seq "$(hpo_last_step 9)"); do
#     loss=$(./train "$rate")
#     hpo_report "$step" loss="$loss" || break   # when it is done, if you like; 1: stop now
#   done
#   hpo_result loss="$loss"                    # once, at the end; by hand it prints
#   hpo_result -s infeasible -m "needs 80 GB"
#
#   from=$(hpo_checkpoint_from) && cp "$from"/model .
#   folder=$(hpo_checkpoint) && cp model "$folder" && hpo_checkpoint_done "$folder"
#
# Everything goes through the HPO_* variables and the files that they name: no network, no daemon.
# Wrong use ends a function with 2, and says why.

hpo_stopping=

# hpo_param NAME DEFAULT: prints the value.
hpo_param() (
  name=HPO_P_$(printf '%s' "$1" | tr 'a-z.-' 'A-Z__')
  if eval "[ -n \"\${$name+set}\" ]"; then
    eval "printf '%s\\n' \"\$$name\""
  elif [ -n "${HPO_PARAMS_FILE:-}" ] && grep -qF "\"$1\":" "$HPO_PARAMS_FILE"; then
    _hpo_fail "$name is not set, but $HPO_PARAMS_FILE has \"$1\": it is too long for a variable"
  else
    printf '%s\n' "$2"
  fi
)

# hpo_last_step DEFAULT: prints the last step to do and report, the max of the study's fidelity.
hpo_last_step() {
  printf '%s\n' "${HPO_FIDELITY_MAX:-$1}"
}

# hpo_report STEP NAME=NUMBER...: 0: go on; 1: stop now. A step is told when it is done: the first
# is 1, the last the fidelity's max, where a training is whole; 0 may tell the state before.
hpo_report() {
  _hpo_line "$@" || return 2
  [ -z "$hpo_stopping" ] && [ ! -e "${HPO_STOP_FILE:-}" ]
}

# From here on SIGTERM does not end the shell: hpo_report says so instead, within the study's grace.
# What the shell has started hears SIGTERM itself.
hpo_stop_at_report() {
  trap 'hpo_stopping=yes' TERM
}

# hpo_result [-s STATUS] [-m MESSAGE] NAME=NUMBER...: the last call wins.
hpo_result() (
  status='' message=''
  while getopts s:m: option; do
    case $option in
      s) status=$OPTARG ;;
      m) message=$OPTARG ;;
      *) exit 2 ;;
    esac
  done
  shift $((OPTIND - 1))
  case $status in
    '' | completed | pruned | infeasible | failed) ;;
    *) _hpo_fail "status '$status': use one of completed, pruned, infeasible, failed" ;;
  esac
  case $status in
    '' | completed) [ $# -gt 0 ] || _hpo_fail "a result needs its objective, as in loss=0.1" ;;
  esac
  text=$(_hpo_members "$@") || exit 2
  text="{$text}"
  if [ -n "$status$message" ]; then
    message=$(printf '%s' "$message" | tr '\000-\037' ' ' | sed -e 's/[\\"]/\\&/g')
    text="{\"values\": $text, \"status\": \"${status:-completed}\", \"message\": \"$message\"}"
  fi
  if [ -n "${HPO_RESULT_FILE:-}" ]; then  # whole or not at all
    printf '%s\n' "$text" > "$HPO_RESULT_FILE.$$.tmp" &&
      mv -f "$HPO_RESULT_FILE.$$.tmp" "$HPO_RESULT_FILE" || exit 2
  fi
  if [ -z "${HPO_RESULT_FILE:-}" ] || [ -z "${HPO_JOB:-}" ]; then printf '%s\n' "$text"; fi
)

# hpo_checkpoint: makes a fresh directory to save into, and prints it.
hpo_checkpoint() {
  if [ -n "${HPO_CHECKPOINT_DIR:-}" ]; then  # beside it: all that is inside is complete
    mktemp -d "${HPO_CHECKPOINT_DIR%/}.XXXXXX"
  else
    mktemp -d
  fi
}

# hpo_checkpoint_done FOLDER: it takes the place of the last checkpoint, whole; by hand it goes.
hpo_checkpoint_done() (
  [ -n "${HPO_CHECKPOINT_DIR:-}" ] || { rm -rf "$1"; exit; }
  last=$(_hpo_newest "$HPO_CHECKPOINT_DIR")
  mv "$1" "${HPO_CHECKPOINT_DIR%/}/$((last + 1))" || exit 2
  [ "$last" -eq 0 ] || rm -rf "${HPO_CHECKPOINT_DIR:?}/$last"
)

# hpo_checkpoint_from: prints what an earlier attempt of this trial saved last; 1: begin afresh.
hpo_checkpoint_from() (
  [ -n "${HPO_CHECKPOINT_FROM:-}" ] || exit 1
  last=$(_hpo_newest "$HPO_CHECKPOINT_FROM")
  if [ "$last" -gt 0 ]; then
    printf '%s\n' "${HPO_CHECKPOINT_FROM%/}/$last"
  else
    printf '%s\n' "$HPO_CHECKPOINT_FROM"
  fi
)

_hpo_fail() {
  printf 'hpo.sh: %s\n' "$1" >&2
  exit 2
}

_hpo_newest() (
  newest=0
  for folder in "${1%/}"/*; do
    number=${folder##*/}
    case $number in '' | *[!0-9]*) continue ;; esac
    [ "$number" -le "$newest" ] || newest=$number
  done
  echo "$newest"
)

_hpo_line() (
  case $1 in
    '' | *[!0-9]* | ????????????????*) _hpo_fail "step '$1' is no whole number from 0 to 10^15" ;;
  esac
  step=$(_hpo_number "$1")  # 007 is no JSON
  shift
  members=$(_hpo_members "$@") || exit 2
  line="{$members${members:+, }\"step\": $step}"
  [ ${#line} -lt 4096 ] || _hpo_fail "a report of more than 4096 bytes: report fewer metrics"
  # One write a line: readers see whole ones.
  [ -z "${HPO_METRICS_FILE:-}" ] || printf '%s\n' "$line" >> "$HPO_METRICS_FILE"
)

# NAME=NUMBER... as the members of a JSON object.
_hpo_members() (
  out=''
  for metric in "$@"; do
    name=${metric%%=*}
    case $metric in
      =* | *[\\\"]*=*) _hpo_fail "metric '$metric': a name without quotes, as in loss=0.1" ;;
      *=*) ;;
      *) _hpo_fail "metric '$metric': no NAME=NUMBER" ;;
    esac
    number=$(_hpo_number "${metric#*=}") || _hpo_fail "metric '$metric' is no number"
    out="$out${out:+, }\"$name\": $number"
  done
  printf '%s' "$out"
)

# As JSON writes it: no plus sign, digits on both sides of the point, no zeros in front.
_hpo_number() (
  case $1 in
    [nN][aA][nN] | -[nN][aA][nN]) echo NaN ;;
    [iI][nN][fF] | +[iI][nN][fF] | [iI]nfinity) echo Infinity ;;
    -[iI][nN][fF] | -[iI]nfinity) echo -Infinity ;;
    *)
      printf '%s\n' "$1" | grep -Eq '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$' &&
        printf '%s\n' "$1" | sed -e 's/^+//' -e 's/^\(-\{0,1\}\)0*\([0-9]\)/\1\2/' \
          -e 's/^\(-\{0,1\}\)[.]/\10./' -e 's/[.]\([eE]\|$\)/\1/'
      ;;
  esac
)
