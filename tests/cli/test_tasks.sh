#!/usr/bin/env bash
# Imports in a server that is killed in the middle of an upload, a check and a load: nothing is lost that was
# acknowledged, nothing is loaded twice; two browsers at once; tasks from the command line.
set -u
jiedui=$1
. tests/cli/tap.sh
export JIEDUI_STORE=$dir/s.db
check "init" "$jiedui" init --quiet --places none
echo "a good long password" >"$dir/password"
check "an administrator" "$jiedui" account add boss --role admin --password-file "$dir/password"

rows() { echo code,name_zh,kind; seq "$1" | sed 's/.*/T&,单位&,enterprise/'; echo "T0,,nonsense"; }
rows 60000 >"$dir/organisation.csv"

serve() {
  rm -f "$dir/out" # what the one before said
  "$jiedui" serve --listen 127.0.0.1:0 --quiet >"$dir/out" 2>>"$dir/log" &
  server=$!
  await "$dir/out" http
  site=http://127.0.0.1:$(sed -n 's|.*serves http://127.0.0.1:\([0-9]*\)/ .*|\1|p' "$dir/out")
}
ask() { curl -s -i -H "Origin: $site" -b "$dir/jar" -c "$dir/jar" "$@"; }
sign_in() {
  ask -o /dev/null -d login=boss --data-urlencode "password=a good long password" "$site/en/sign-in"
  csrf=$(ask "$site/en/me" | sed -n 's|.*name="csrf" value="\([0-9a-f]*\)".*|\1|p' | head -1)
}
send() { # [CURL OPTION...]: the address of the import
  ask "$@" -F "csrf=$csrf" -F "file=@${file:-$dir/organisation.csv};filename=organisation.csv" "$site/en/imports" | sed -n 's/^Location: //p' | tr -d '\r'
}
step() { ask -o /dev/null -d "csrf=$csrf" -d "step=$1" "$site$at/step"; }
state() { "$jiedui" tasks --format csv | sed -n "s/^${at##*/},import,[^,]*,\([a-z]*\),.*/\1/p"; }
comes_to() { # STATE...: one of them, within some minutes
  local now
  for _ in $(seq 1200); do
    now=$(state)
    case " $* " in *" ${now:-none} "*) return ;; esac
    sleep 0.1
  done
}
killed() { kill -9 "$server"; wait "$server" 2>/dev/null; }

serve
sign_in
out=$(ask "$site/en/tasks")
says "no task yet is said" "No task yet"

# In the middle of an upload: no task, and what came is cleared away when it is old.
send --limit-rate 100k >/dev/null &
curl=$!
for _ in $(seq 600); do ls "$JIEDUI_STORE.files" | grep -q upload- && break; sleep 0.05; done
killed
kill "$curl" 2>/dev/null
wait "$curl" 2>/dev/null
out=$("$jiedui" tasks --format csv | wc -l)
says "an upload that was cut off is no task" "1"
touch -d "2 hours ago" "$JIEDUI_STORE.files"/upload-*
check "its rest is cleared away" "$jiedui" tasks remove
out=$(ls "$JIEDUI_STORE.files")
silent "and nothing is left of it" "upload-"

# In the middle of a check, then of a load.
serve
sign_in
at=$(send)
comes_to running done
killed
serve
sign_in
comes_to done
out=$(ask "$site$at")
says "a check goes on after the program was killed" "Load the good rows now"
out=$("$jiedui" list organisation --format csv | wc -l)
says "and wrote nothing" "1"
step good
comes_to running done
killed
serve
sign_in
comes_to done
out=$(ask "$site$at")
says "a load too" "Undo this import"
out=$("$jiedui" list organisation --format csv | wc -l)
says "each row once" "60001"
step good
out=$("$jiedui" tasks --format csv | grep -c ',running,\|,waiting,')
says "it is not loaded again" "0"

# Two browsers press the same button: one undo.
step undo & one=$!
step undo & other=$!
wait $one $other
comes_to done
out=$("$jiedui" list organisation --format csv | wc -l)
says "undone once, whole" "1"

# The refused row comes back.
out=$(curl -s -b "$dir/jar" "$site$at/refused.xlsx" | head -c 2)
says "the refused rows are a workbook" "PK"

# Stop, from the command line: of two, the one that waits, then the one that runs.
rows 2000000 >"$dir/long.csv"
long=$(file=$dir/long.csv send)
at=$long
comes_to running
at=$(send)
check "stop" "$jiedui" tasks stop "${at##*/}"
comes_to stopped
out=$(ask "$site$at")
says "one that was stopped can be run again" "Run it again"
check "stop what runs" "$jiedui" tasks stop "${long##*/}"
waited=$at at=$long
comes_to stopped
out=$(ask "$site$at")
says "what runs is stopped too" "Run it again"
at=$waited
fails "one that has ended is not stopped" 1 "$jiedui" tasks stop "${at##*/}"
fails "nor one that is none" 2 "$jiedui" tasks stop nine
fails "nor another word" 2 "$jiedui" tasks start
out=$(ask -H "Authorization: none" "$site/api/v1/tasks?limit=1")
says "programs see them" '"state":"stopped"'
out=$(ask -d "csrf=$csrf" "$site/api/v1/tasks/${at##*/}/stop")
says "and are told what has ended" "409"

# Its file is gone: said, not hidden.
rm "$JIEDUI_STORE.files/${at##*/}"/sent.csv
ask -o /dev/null -d "csrf=$csrf" "$site/en/tasks/${at##*/}/again"
comes_to failed
out=$(ask "$site$at")
says "a file that vanished is named" "no longer on the server"
out=$(ask -d "csrf=$csrf" "$site/en/tasks/${at##*/}/remove")
says "a task is removed" "303"
out=$(ls "$JIEDUI_STORE.files")
silent "with its folder" "${at##*/}"
kill -TERM "$server"
wait "$server"
out=$(cat "$dir/log")
silent "no sanitizer complained" "ERROR:"
check "the store is whole" "$jiedui" verify
finish
