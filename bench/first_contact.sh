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
for name in f g h; do
  file=corpora/notes/$name.jsonl
  [ ! -f "$file" ] || contact eff4a3f "$file" "c$name-001" "c$name-999"
done
for tree in "$trees"/*/; do git worktree remove --force "$tree"; done
mv "$trees/all" "$out"
