#!/usr/bin/env bash
# Reviews policies: layout, mistakes, lints, tests. Writes a report in Markdown, and comments on the pull request.
#
# Reads QUALIFY_PATHS, QUALIFY_DENY, QUALIFY_COVERAGE, QUALIFY_BASE, QUALIFY_COMMENT, QUALIFY_PULL_REQUEST, GH_TOKEN and what GitHub sets
# (GITHUB_REPOSITORY, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT, RUNNER_TEMP). All may be unset: then it prints its report.
# Ends with 0 when nothing was found, with 1 when something was, with 2 when it could not run.
set -uo pipefail

MARK='<!-- qualify: review -->'
# A comment holds 65,536 characters.
MOST_LINES=120
MOST_BYTES=12000
MOST_CHANGE_BYTES=24000

work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/qualify-XXXXXX") || exit 2
report="$work/report.md"
export NO_COLOR=1
read -r -a paths <<<"${QUALIFY_PATHS:-.}"
deny=()
for name in ${QUALIFY_DENY:-}; do deny+=(--deny "$name"); done
threshold=()
[ -n "${QUALIFY_COVERAGE:-}" ] && threshold=(--threshold "$QUALIFY_COVERAGE")
worst=0

# Runs a step. What it prints goes to the log, where lines of policies must not be taken for commands to the runner.
# step NAME COMMAND...
step() {
  local name=$1 token
  shift
  "$@" >"$work/$name.out" 2>&1
  codes[$name]=$?
  [ "${codes[$name]}" -gt "$worst" ] && worst=${codes[$name]}
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::group::$*"
  echo "::stop-commands::$token"
  cat "$work/$name.out"
  echo "::$token::"
  echo "::endgroup::"
}
declare -A codes

step fmt qualify fmt --check "${paths[@]}"
step check qualify check "${paths[@]}"
if [ "${codes[check]}" -eq 0 ]; then
  step lint qualify lint "${deny[@]}" "${paths[@]}"
  step test qualify test "${paths[@]}"
  step coverage qualify test --coverage "${threshold[@]}" "${paths[@]}"
  # The same findings at their lines: these are commands to the runner.
  qualify lint --format github "${deny[@]}" "${paths[@]}"
fi
qualify fmt --diff "${paths[@]}" >"$work/diff.out" 2>/dev/null

# What the change does, policy by policy: of those that were there before and whose folder changed.
# A shallow checkout may lack the base.
base=${QUALIFY_BASE:-}
case $base in *[!0-9A-Za-z._/^~-]* | -*) base= ;; esac
: >"$work/change.md"
if [ -n "$base" ] && command -v git >/dev/null && git rev-parse --git-dir >/dev/null 2>&1; then
  git cat-file -e "$base^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$base" 2>/dev/null
  while IFS= read -r -d '' file; do
    grep -q '^[[:space:]]*policy[[:space:]]*"' -- "$file" 2>/dev/null || continue
    folder=$(dirname -- "$file")
    git --literal-pathspecs diff --quiet "$base" -- "$folder" 2>/dev/null
    [ $? -eq 1 ] || continue
    git cat-file -e "$base:./$file" 2>/dev/null || continue
    # Its headings stand below the report's own.
    if qualify diff --format markdown "$base" -- "$file" >"$work/one.md" 2>"$work/one.err" || [ $? -eq 1 ]; then
      sed -e 's/^\(#\{1,4\}\) /##\1 /' "$work/one.md" >>"$work/change.md"
      echo >>"$work/change.md"
    fi
    cat "$work/one.err" >>"$work/change.err"
  done < <(git --literal-pathspecs ls-files -z -- "${paths[@]}" | grep -z '\.qual$')
fi

# The last line of a step's output, made harmless: it stands in a table.
last_line() {
  grep -v '^[[:space:]]*$' "$work/$1.out" | tail -n 1 | sed -e 's/[][\\`*_<>|&#!~@]/\\&/g' | cut -c -200
}

row() {
  local name=$1 what=$2
  case "${codes[$name]:-none}" in
    0) echo "| ✅ | $what | $(last_line "$name") |" ;;
    none) echo "| ➖ | $what | not run: the policies have errors |" ;;
    *) echo "| ❌ | $what | $(last_line "$name") |" ;;
  esac
}

# Output as it is, in a fence that no line of it can close.
# block TITLE FILE [LANGUAGE]
block() {
  local fence='```' lines
  [ -s "$2" ] || return 0
  while grep -q -F -- "$fence" "$2"; do fence="$fence\`"; done
  lines=$(wc -l <"$2")
  echo "<details><summary>$1</summary>"
  echo
  echo "$fence${3:-text}"
  # No character is cut in half, and the last line ends.
  head -n "$MOST_LINES" "$2" | head -c "$MOST_BYTES" | iconv -f UTF-8 -t UTF-8 -c | sed -e '$a\'
  echo "$fence"
  if [ "$lines" -gt "$MOST_LINES" ] || [ "$(wc -c <"$2")" -gt "$MOST_BYTES" ]; then
    echo
    echo "This is the beginning; the log of the job has all of it."
  fi
  echo "</details>"
  echo
}

{
  echo "$MARK"
  if [ "$worst" -eq 0 ]; then echo "### Policies: all is well"; else echo "### Policies: something was found"; fi
  echo
  echo "| | | |"
  echo "|---|---|---|"
  row fmt "Layout"
  row check "Mistakes"
  row lint "Lints"
  row test "Tests"
  row coverage "Coverage"
  echo
  block "What <code>qualify fmt</code> changes" "$work/diff.out" diff
  [ "${codes[check]}" -eq 0 ] || block "Mistakes" "$work/check.out"
  if [ -s "$work/change.md" ]; then
    echo "<details open><summary>What the change does (<code>qualify diff</code>)</summary>"
    echo
    # It is Markdown already, and what stands in it cannot leave its place.
    head -c "$MOST_CHANGE_BYTES" "$work/change.md" | iconv -f UTF-8 -t UTF-8 -c | sed -e '$a\'
    if [ "$(wc -c <"$work/change.md")" -gt "$MOST_CHANGE_BYTES" ]; then
      echo
      echo "This is the beginning; \`qualify diff\` prints all of it."
    fi
    echo
    echo "</details>"
    echo
  fi
  for name in lint test coverage; do
    [ "${codes[$name]:-0}" -eq 0 ] && [ "$name" = test ] && continue
    [ -n "${codes[$name]:-}" ] && block "<code>qualify ${name/coverage/test --coverage}</code>" "$work/$name.out"
  done
} >"$report"

[ -n "${GITHUB_STEP_SUMMARY:-}" ] && cat "$report" >>"$GITHUB_STEP_SUMMARY"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  [ "$worst" -eq 0 ] && passed=true || passed=false
  printf 'passed=%s\nreport=%s\n' "$passed" "$report" >>"$GITHUB_OUTPUT"
fi
[ -n "${GITHUB_ACTIONS:-}" ] || cat "$report"

# One comment, which a later run replaces.
comment() {
  local comments="repos/$GITHUB_REPOSITORY/issues/$QUALIFY_PULL_REQUEST/comments" earlier
  earlier=$(gh api --paginate "$comments" --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$MARK\"))) | .id") || return 1
  earlier=$(tail -n 1 <<<"$earlier")
  if [ -n "$earlier" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$earlier" --field "body=@$report"
  else
    gh api --silent --method POST "$comments" --field "body=@$report"
  fi
}

if [ "${QUALIFY_COMMENT:-true}" = true ] && [ -n "${QUALIFY_PULL_REQUEST:-}" ] && [ -n "${GITHUB_REPOSITORY:-}" ] &&
  [ -n "${GH_TOKEN:-}" ]; then
  # Pull requests from forks have a token that may not comment: the report stands in the job's summary all the same.
  comment || echo "::warning::the report could not be posted as a comment; it stands in the summary of the job"
fi

exit "$worst"
