#!/usr/bin/env bash
# The documents: links, commands with their options, page addresses and files that they name are there.
set -u
exec python3 "$(dirname "$0")/docs.py" "$1"
