# For tests that drive the program: `ok NAME` after a step that worked, `no NAME` after one that did not;
# `check NAME COMMAND...` does either by the exit status, `says NAME TEXT` looks into $out.
n=0 failures=0
dir=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-cli.XXXXXX")
trap 'rm -rf "$dir"' EXIT
ok() { n=$((n + 1)); echo "ok $n - $1"; }
no() { n=$((n + 1)); failures=$((failures + 1)); echo "not ok $n - $1"; printf '%s\n' "${out:-}" | sed 's/^/# /'; }
check() { local name=$1; shift; if out=$("$@" 2>&1); then ok "$name"; else no "$name (exit $?)"; fi; }
# fails NAME STATUS COMMAND...: the command must end with that status; its words are in $out.
fails() {
  local name=$1 want=$2 status=0; shift 2
  out=$("$@" 2>&1) || status=$?
  if [ "$status" = "$want" ]; then ok "$name"; else no "$name (exit $status, not $want)"; fi
}
says() { case "$out" in *"$2"*) ok "$1" ;; *) no "$1: \"$2\" is not said" ;; esac; }
silent() { case "$out" in *"$2"*) no "$1: \"$2\" is said" ;; *) ok "$1" ;; esac; }
run() { "$jiedui" "$@"; }
# await FILE WORD: until the file has the word, within some minutes.
await() { for _ in $(seq 3000); do grep -q "$2" "$1" 2>/dev/null && return; sleep 0.05; done; }
finish() { echo "1..$n"; exit $((failures > 0)); }
# A test of both databases: `new_store` names its store, `finish_both "$@"` runs it once more on a
# PostgreSQL where the tests have one.
new_store() {
  export JIEDUI_STORE=$dir/s.db
  if [ "${cli_engine:-}" = postgres ]; then
    local name=cli_$$_$RANDOM
    psql -q "$JIEDUI_TEST_PG" -c "create database $name" >/dev/null || exit 1
    JIEDUI_STORE=${JIEDUI_TEST_PG%/*}/$name
  fi
}
finish_both() {
  echo "1..$n"
  [ $failures = 0 ] || exit 1
  [ -n "${JIEDUI_TEST_PG:-}" ] && [ "${cli_engine:-}" != postgres ] || exit 0
  rm -rf "$dir"
  cli_engine=postgres exec bash "$0" "$@"
}
# A gazetteer of a few counties, so that a store is made in a blink.
small_places() {
  zcat data/places.csv.gz | awk -F, 'NR == 1 || $1 ~ /^(650000000000|65320000|653224|653225|653226|110000000000|11010000|110105000000|110119|210000000000|21130000|211321000000|220000000000|22010000|220104000000|6210)/ || $1 ~ /^620000000000/' | gzip -n >"$dir/places.csv.gz"
}
# A new store with it.
small_store() { small_places; new_store; run init -q --places "$dir/places.csv.gz" >/dev/null; }
