# Asks OpenAI's API by curl, one pane each of the tmux server at $TMUX_SOCKET, which runs already: NAME...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for name in "$@"; do
  tmux -S "$TMUX_SOCKET" split-window "cd '$PWD' && SWARM_LOG='$SWARM_LOG' bash '$here/one-curl.sh' $name; touch $name.done"
done
for name in "$@"; do
  until [ -e "$name.done" ]; do sleep 0.1; done
  grep -o '"content":"[^"]*"' "$name.json"
done
