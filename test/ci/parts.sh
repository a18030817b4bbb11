# For .ci/run, which sources it: runs the parts within the time for all of them, adds up what they say, tells the sum.
# shellcheck shell=bash

passed=0 failed=0 skipped=0
summary=()
# Names of failed tests: they are told last, where a log that was cut off still has them.
failures=()
# The longest that everything may take, in minutes. The aim is 45 on two quiet cores; a machine that is not must not cut
# off what would pass.
minutes=${VOGJS_CI_MINUTES:-80}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# limited COMMAND...: runs within what is left of the time.
limited() {
  local left=$((minutes * 60 - SECONDS))
  if [ "$left" -le 0 ]; then
    echo "ci: the $minutes minutes are over" >&2
    return 124
  fi
  timeout --kill-after=20 "$left" "$@" </dev/null
}

# ended NAME BEGIN OUTCOME: one line of the summary.
ended() {
  local took=$((SECONDS - $2))
  summary+=("$(printf '%3d:%02d  %s: %s' $((took / 60)) $((took % 60)) "$1" "$3")")
}

# whole NAME COMMAND...: a part that succeeds or fails as a whole; a failure counts as one failed test.
whole() {
  local name=$1 begin=$SECONDS status
  shift
  echo "ci: $name"
  limited "$@"
  status=$?
  if [ "$status" -eq 0 ]; then
    ended "$name" "$begin" 'done'
  else
    failed=$((failed + 1))
    echo "ci: $name failed ($status): see above"
    ended "$name" "$begin" "FAILED ($status)"
  fi
  return "$status"
}

# provided NAME COMMAND...: as `whole`; the command prints `export` lines, which hold from here on.
provided() {
  local settings=$scratch/settings
  whole "$1" bash -c '"${@:2}" >"$1"' - "$settings" "${@:2}" || return
  cat "$settings"
  # shellcheck disable=SC1090
  . "$settings"
}

# counted NAME COMMAND...: a part whose last line is `N passed, N failed[, N skipped]`.
counted() {
  local name=$1 begin=$SECONDS log=$scratch/log status
  shift
  echo "ci: $name"
  limited "$@" | tee "$log"
  status=$?
  while IFS= read -r line; do
    failures+=("$name: $line")
  done < <(grep -aE '^( {8})?FAIL ' "$log" | sed -E 's/^ *FAIL +//')
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
    ended "$name" "$begin" "${BASH_REMATCH[0]}"
    # The tests' own exit status must agree with what they say.
    if [ "$status" -ne 0 ] && [ "${BASH_REMATCH[2]}" -eq 0 ]; then
      failed=$((failed + 1))
      echo "ci: $name ended with status $status"
    fi
  else
    failed=$((failed + 1))
    echo "ci: $name did not come to an end ($status)"
    ended "$name" "$begin" "did not come to an end ($status)"
  fi
}

# missing NAME WHY: a part that could not run, which is a failure.
missing() {
  failed=$((failed + 1))
  echo "ci: $1 did not run: $2"
  ended "$1" "$SECONDS" "NOT RUN: $2"
}

# finish: which tests failed, how long each part took, and the sum as the last line.
finish() {
  local skips=
  if [ "${#failures[@]}" -gt 0 ]; then
    printf '\nfailed:\n'
    printf '  %s\n' "${failures[@]:0:60}"
  fi
  [ "$skipped" -gt 0 ] && skips=", $skipped skipped"
  printf '\n'
  printf '%s\n' "${summary[@]}"
  echo "$passed passed, $failed failed$skips"
  [ "$failed" -eq 0 ]
  exit
}
