/**
 * The scripts that stand in front of programs which take their orders by arguments, or from whoever started them first: each
 * becomes the real program of that name, with the same process, streams, signals and exit code. Text for any POSIX shell.
 */
import { LOOPBACK } from '../../../config/no-proxy.ts';
import { CODEX_OTEL_ARGUMENTS, CODEX_OTEL_TABLE, codexArguments } from '../../../config/run-environment/codex.ts';

export type ShimName = 'claude' | 'codex' | 'tmux';

export interface ShimFacts {
  /** Where the scripts lie. */
  readonly folder: string;
  readonly endpoint: string;
  /** What Claude alone is told, in the place of what every `claude -p` of the run is. */
  readonly claude: Readonly<Record<string, string>>;
  /** Names of the variables by which a process belongs to the run. */
  readonly carried: readonly string[];
}

/** A word of a shell that means itself. @example quoted("it's") // `'it'\''s'` */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** By name; a program for which there is nothing to say has none. */
export function shimScripts(facts: ShimFacts): Partial<Record<ShimName, string>> {
  const codex = codexArguments(facts.endpoint);
  return {
    ...(Object.keys(facts.claude).length === 0 ? {} : { claude: script('claude', facts, claudeLines(facts)) }),
    ...(codex.length === 0 ? {} : { codex: script('codex', facts, codexLines(codex)) }),
    ...(facts.carried.length === 0 ? {} : { tmux: script('tmux', facts, tmuxLines(facts.carried)) }),
  };
}

function script(name: ShimName, { folder }: ShimFacts, lines: readonly string[]): string {
  return `${[
    '#!/bin/sh',
    `# Made by swarmscope for one run (docs/run.md): finds the real ${name} in PATH and becomes it.`,
    'set -f',
    'swarmscope_ifs=$IFS; IFS=:; swarmscope_real=',
    'for swarmscope_at in $PATH; do',
    `  [ "$swarmscope_at" = ${quoted(folder)} ] && continue`,
    `  if [ -f "\${swarmscope_at:-.}/${name}" ] && [ -x "\${swarmscope_at:-.}/${name}" ]; then swarmscope_real=\${swarmscope_at:-.}/${name}; break; fi`,
    'done',
    'IFS=$swarmscope_ifs; set +f',
    `[ -n "$swarmscope_real" ] || { echo "${name}: command not found" >&2; exit 127; }`,
    ...lines,
    'exec "$swarmscope_real" "$@"',
  ].join('\n')}\n`;
}

/** Interactive sessions know the standard variables alone; Claude alone has them, since other programs would fail by some of them. */
function claudeLines({ claude, endpoint }: ShimFacts): string[] {
  return [
    // Else somebody has chosen another target since.
    `if [ "\${BETA_TRACING_ENDPOINT-}" = ${quoted(endpoint)} ]; then`,
    '  unset ENABLE_BETA_TRACING_DETAILED BETA_TRACING_ENDPOINT',
    ...Object.entries(claude).map(([name, value]) => `  [ -n "\${${name}-}" ] || { ${name}=${quoted(value)}; export ${name}; }`),
    // It tells its calls itself: through a gateway each would be told twice.
    '  for swarmscope_at in ${SWARMSCOPE_GATEWAY_THEIRS-}; do case $swarmscope_at in',
    '    ANTHROPIC_BASE_URL=) unset ANTHROPIC_BASE_URL ;; ANTHROPIC_BASE_URL=*) export "$swarmscope_at" ;;',
    '  esac; done',
    'fi',
  ];
}

/** Its own file wins where it says anything of telemetry, and so do the user's arguments. */
function codexLines(args: readonly string[]): string[] {
  return [
    'swarmscope_told=yes',
    `grep -Eqs ${quoted(CODEX_OTEL_TABLE)} "\${CODEX_HOME:-$HOME/.codex}/config.toml" && swarmscope_told=`,
    `for swarmscope_at in "$@"; do case $swarmscope_at in ${CODEX_OTEL_ARGUMENTS.map((begin) => `${quoted(begin)}*`).join('|')}) swarmscope_told= ;; esac; done`,
    `[ -z "$swarmscope_told" ] || set -- ${args.map(quoted).join(' ')} "$@"`,
  ];
}

const OPTIONS_WITH_VALUE = '-f|-c|-T';
const OPENERS = 'new-session|new|new-window|neww|split-window|splitw|respawn-pane|respawnp|respawn-window|respawnw';

/** A server that runs already gives its panes its own environment: they get ours by `-e`, which tmux has since 3.2. */
function tmuxLines(carried: readonly string[]): string[] {
  return [
    `case $("$swarmscope_real" -V 2>/dev/null) in tmux\\ [4-9]*|tmux\\ 3.[2-9]*|tmux\\ 3.[1-9][0-9]*|tmux\\ next-*)`,
    'swarmscope_left=$#; swarmscope_at=options; swarmscope_flag=; swarmscope_server=',
    'while [ "$swarmscope_left" -gt 0 ]; do',
    '  swarmscope_word=$1; shift; swarmscope_left=$((swarmscope_left - 1)); set -- "$@" "$swarmscope_word"',
    '  case $swarmscope_at in',
    '    value) swarmscope_at=options ;;',
    '    server) swarmscope_at=options; swarmscope_server=$swarmscope_word ;;',
    '    options) case $swarmscope_word in',
    `      ${OPTIONS_WITH_VALUE}) swarmscope_at=value ;;`,
    '      -L|-S) swarmscope_at=server; swarmscope_flag=$swarmscope_word ;;',
    '      -*) ;;',
    `      ${OPENERS}) swarmscope_at=over`,
    `        for swarmscope_name in ${carried.join(' ')}; do`,
    '          eval "swarmscope_value=\\${$swarmscope_name-}"',
    '          [ -z "$swarmscope_value" ] || set -- "$@" -e "$swarmscope_name=$swarmscope_value"',
    '        done',
    ...sparingLines(),
    '        ;;',
    '      *) swarmscope_at=over ;;',
    '    esac ;;',
    '  esac',
    'done ;; esac',
  ];
}

/** A server that has a proxy gives its panes that one: what they send to this machine must not go there. */
function sparingLines(): string[] {
  const spared = LOOPBACK.join(',');
  return [
    `        swarmscope_theirs=$("$swarmscope_real" \${swarmscope_flag:+"$swarmscope_flag"} \${swarmscope_flag:+"$swarmscope_server"} show-environment -g 2>/dev/null)`,
    '        case $swarmscope_theirs in *_[Pp][Rr][Oo][Xx][Yy]=*)',
    `          if printf '%s\\n' "$swarmscope_theirs" | grep -Eiq '^(http|https|all)_proxy=.'; then`,
    `            swarmscope_value=$(printf '%s\\n' "$swarmscope_theirs" | sed -n -e 's/^NO_PROXY=//p' -e 's/^no_proxy=//p' | sed -n '/./{p;q;}')`,
    String.raw`            case ,$swarmscope_value, in *,\*,*) ;; *)`,
    `              swarmscope_value=\${swarmscope_value:+$swarmscope_value,}${spared}`,
    `              set -- "$@" -e "NO_PROXY=$swarmscope_value" -e "no_proxy=$swarmscope_value" ;;`,
    '            esac',
    '          fi ;;',
    '        esac',
  ];
}
