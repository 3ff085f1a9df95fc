#!/usr/bin/env bash
# Collect corpora/first_contact.jsonl anew: each author's notes by the program that had not been mended on them.
# usage: bash bench/first_contact.sh        (from the root of the repository; needs its history)
set -eu -o pipefail
out=corpora/first_contact.jsonl; trees=$(mktemp -d); : > "$trees/all"
trap 'git worktree prune; rm -rf "$trees"' EXIT
contact() { # commit, file of notes, first id, last id
  [ -d "$trees/$1" ] || git worktree add -q --detach "$trees/$1" "$1"
  python bench/first_contact.py "$trees/$1" "$2" "$1" "$3" "$4" >> "$trees/all"
}
contact 1356dcf corpora/notes/a.jsonl ca-001 ca-060
contact 1356dcf corpora/notes/b.jsonl cb-001 cb-060
contact 58f5bce corpora/notes/c.jsonl cc-001 cc-080
contact 56d589d corpora/notes/d.jsonl cd-001 cd-045
contact 3583f9f corpora/notes/d.jsonl cd-046 cd-075
contact eff4a3f corpora/notes/f.jsonl cf-001 cf-060
contact eff4a3f corpora/notes/g.jsonl cg-001 cg-060
contact eff4a3f corpora/notes/h.jsonl ch-001 ch-060  # ch-061 to ch-080 are test
contact 15be141 corpora/notes/j.jsonl cj-001 cj-060  # author i is test
contact 15be141 corpora/notes/k.jsonl ck-001 ck-060
contact 15be141 corpora/notes/l.jsonl cl-001 cl-060
contact 15be141 corpora/notes/m.jsonl cm-001 cm-050
contact 0396114 corpora/notes/n.jsonl cn-001 cn-060  # author o is test
contact 0396114 corpora/notes/p.jsonl cp-001 cp-050
for tree in "$trees"/*/; do git worktree remove --force "$tree"; done
mv "$trees/all" "$out"
