# Starts one Claude Code per name, each in a git worktree of its own, and merges what they made.
set -eu
here=$(dirname "$0"); . "$here/note.sh"
work=$PWD/shop
own_git init -q "$work"; cd "$work"
own_git commit -q --allow-empty -m first
agent() {
  cd "../$1"
  exec claude -p "worker $1: commit" --allowedTools Bash --output-format json > "../$1.claude.json"
}
for name in "$@"; do own_git worktree add -q -b "task/$name" "../$name"; done
for name in "$@"; do as_process agent "$name" agent "$name" & done
wait
for name in "$@"; do own_git merge -q --no-edit "task/$name"; done
ls
