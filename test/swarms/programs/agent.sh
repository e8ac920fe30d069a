# Starts one agent program in a git repository of its own: `agent.sh NAME COMMAND...` adds the prompt to the command.
set -eu
here=$(cd "$(dirname "$0")" && pwd); . "$here/note.sh"
name=$1; shift
mkdir "$name"; own_git -C "$name" init -q
# Some agents give their tools no global settings of git.
own_git -C "$name" config user.name Test
own_git -C "$name" config user.email test@example.com
# What the agent reads in the home folder, by its own name.
if [ -n "${AGENT_SETTINGS-}" ]; then mkdir -p "$HOME/.$1"; printf '%s' "$AGENT_SETTINGS" > "$HOME/.$1/settings.json"; fi
if [ -n "${CODEX_SETTINGS-}" ]; then mkdir -p "$HOME/.codex"; printf '%s' "$CODEX_SETTINGS" > "$HOME/.codex/config.toml"; fi
agent() { cd "$name" && exec "$@" "worker $name: commit"; }
as_process agent "$name" agent "$@"
ls "$name"
