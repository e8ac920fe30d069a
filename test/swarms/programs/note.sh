# Sourced by the shell swarms: what they tell of themselves, one JSON line a thing, times in epoch seconds.
note() { printf '%s\n' "$1" >> "$SWARM_LOG"; }
# as_process KIND NAME COMMAND...: runs it in a process of its own and notes its pid, start and end.
as_process() {
  local kind=$1 name=$2 start=$EPOCHREALTIME code=0
  shift 2
  "$@" &
  local pid=$!
  wait "$pid" || code=$?
  note "{\"kind\":\"$kind\",\"name\":\"$name\",\"pid\":$pid,\"start\":$start,\"end\":$EPOCHREALTIME,\"code\":$code}"
  return "$code"
}
# own_git ARGUMENT...: a git command of the swarm itself.
own_git() { note '{"kind":"git"}'; git "$@"; }
