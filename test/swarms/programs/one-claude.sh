# Becomes one Claude Code in the folder of its name.
cd "$1" && exec claude -p "worker $1: commit" --allowedTools Bash --output-format json > "../$1.claude.json"
