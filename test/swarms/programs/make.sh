# The same by make: one target per Claude Code, as many at once as -j says.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for name in "$@"; do mkdir "$name"; (. "$here/note.sh"; own_git -C "$name" init -q); done
make -s -j 4 -f "$here/claude.mk" HERE="$here" "$@"
for name in "$@"; do ls "$name"; done
