#!/usr/bin/env bash
# A swarm as people write them: four Claude Codes at once, each in a git worktree of its own, merged at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# Without a key the models are a server on this machine.
if [ -z "${ANTHROPIC_API_KEY:-}" ]; then exec node "$here/../models/run.mjs" "$0" "$@"; fi

tasks="cart stock prices search"
base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT
export GIT_AUTHOR_NAME=swarm GIT_AUTHOR_EMAIL=swarm@example.com GIT_COMMITTER_NAME=swarm GIT_COMMITTER_EMAIL=swarm@example.com
git init -q "$base/shop"
cd "$base/shop"
git commit -q --allow-empty -m "An empty shop"

agent() {
  cd "$base/$1"
  claude -p "Task $1: write $1.txt for a small shop and commit it." --allowedTools Bash > "$base/$1.log"
}
for task in $tasks; do
  git worktree add -q -b "task/$task" "$base/$task"
  agent "$task" &
done
wait

for task in $tasks; do
  git merge -q --no-edit "task/$task"
  echo "$task: $(cat "$base/$task.log")"
done
echo "merged: $(ls | tr '\n' ' ')"
