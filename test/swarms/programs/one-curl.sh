. "$(dirname "$0")/note.sh"
as_process call "$1" curl -sS --no-progress-meter "$OPENAI_BASE_URL/chat/completions" -o "$1.json" \
  -H 'content-type: application/json' -H "authorization: Bearer $OPENAI_API_KEY" \
  -d "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"worker $1: ask\"}]}"
