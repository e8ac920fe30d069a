# The same in panes of a tmux server of its own.
set -eu
here=$(cd "$(dirname "$0")" && pwd); . "$here/note.sh"
for name in "$@"; do mkdir "$name"; own_git -C "$name" init -q; done
socket=$PWD/tmux.sock
for name in "$@"; do
  command="bash -c '. $here/note.sh; as_process agent $name bash $here/one-claude.sh $name; touch $name.done'"
  if [ "$name" = "$1" ]; then
    tmux -S "$socket" -f /dev/null new-session -d -x 200 -y 50 "$command"
  else
    tmux -S "$socket" split-window "$command"
  fi
done
for name in "$@"; do
  until [ -e "$name.done" ]; do sleep 0.1; done
  ls "$name"
done
