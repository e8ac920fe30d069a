# Asks OpenAI's API by curl, as many at once as xargs -P says: NAME...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
printf '%s\n' "$@" | xargs -P 3 -n 1 bash "$here/one-curl.sh"
for name in "$@"; do grep -o '"content":"[^"]*"' "$name.json"; done
