# Starts one program of Node per NAME: at once, or one after the other: at-once|in-turn NAME...
set -eu
here=$(cd "$(dirname "$0")" && pwd); . "$here/note.sh"
how=$1; shift
for name in "$@"; do
  if [ "$how" = at-once ]; then as_process process "$name" node "$here/ask.mjs" "$name" &
  else as_process process "$name" node "$here/ask.mjs" "$name"
  fi
done
wait
