#!/usr/bin/env bash
# The demo store: made by the program's own commands, and each money page has something to show.
set -u
jiedui=$1
. tests/cli/tap.sh
new_store
check "it is made" data/demo/make "$jiedui" "$JIEDUI_STORE"
says "what is against a rule of use was refused" "rule 99-R-INDUSTRY"
says "and what is for a project outside the library" "rule RULE-LIBRARY"
says "the bank's statement differs" "3 differences"
says "and the store is whole" "journal: 0 faults; rows: 0 faults; figures: 0 faults; places and ledger: 0 faults"
check "the chain from what was agreed" run money chain 99-K --format csv
says "batches" "batch,99-B-1"
says "lines" "allocation,99-M-6,industry"
says "what lies" "still in hand,99-B-2"
check "the batch, followed" run money trace --from 99-B-1
says "reached a village" "99-LOP-BANK"
says "adds up" "given 4200000.00 = delivered"
check "back from a household" run money trace --to 65322410322200001
says "to who gave it" "began at 99-GIVER"
check "payments" run money payments show 99-W-1
says "one failed" "failed"
check "the next run" run money payments show 99-W-2
says "waits for another person" "prepared"
fails "money is idle" 3 run money alerts --format csv
says "for more than a year" "IDLE-YEAR,99-QIRA"
fails "an older batch" 3 run money rules check --format csv
says "is against a rule written since" "99-R-INDUSTRY,99-B-OLD,as planned,broken"
check "one leg is disputed" run confirm disputed --format csv
says "with the reason" "480,000 came"
check "goods" run show allocation 99-M-GOODS
says "keep their number and fate" "1900 dried up"
check "all of it says that it is made up" run list allocation --where 'basis = synthetic' --columns code --format csv
says "row by row" "99-M-OLD-QIRA"
check "and so do its figures" run figure aid_allocated --place 653224 --format csv
says "by what they rest on" "synthetic"
check "a receipt was issued" run list receipt --columns code --format csv
says "with the office's number" "99-HOTAN-"
fails "nothing is made over a store that is there" 1 data/demo/make "$jiedui" "$JIEDUI_STORE"
finish_both "$@"
