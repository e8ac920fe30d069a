/** What a command line is: which program does the work behind shells and package runners, and whether it is an agent. Pure. */
import { basename } from 'node:path';
import {
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT as AGENT,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_GIT as GIT,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_NODE as NODE,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_OTHER as OTHER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_PACKAGE_MANAGER as PACKAGE_MANAGER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_SHELL as SHELL,
} from '../../semconv/index.ts';

export interface Classified {
  /** The program that does the work: `claude` for `sh -c 'npx @anthropic-ai/claude-code -p ...'`. */
  executable: string;
  kind: string;
  /** Set for agent CLIs. */
  agentName: string | undefined;
}

/** Executables, packages and script names of agent CLIs. */
const AGENTS: Readonly<Record<string, string>> = {
  claude: 'claude',
  'claude-code': 'claude',
  codex: 'codex',
  gemini: 'gemini',
  'gemini-cli': 'gemini',
  opencode: 'opencode',
  'opencode-ai': 'opencode',
  aider: 'aider',
  'cursor-agent': 'cursor-agent',
  copilot: 'copilot',
  amp: 'amp',
  qwen: 'qwen',
  'qwen-code': 'qwen',
  goose: 'goose',
  crush: 'crush',
};
const SHELLS = new Set(['sh', 'bash', 'zsh', 'dash', 'fish', 'ash', 'cmd', 'powershell', 'pwsh']);
const PACKAGE_MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun', 'corepack', 'pip', 'uv', 'cargo', 'go', 'mvn', 'gradle']);
const RUNNERS = new Set(['npx', 'bunx', 'pnpx', 'uvx']);
const NODES = new Set(['node', 'nodejs', 'tsx', 'bun', 'deno']);
/** Programs that only start another one; their own options are skipped. */
const WRAPPERS = new Set(['env', 'exec', 'nohup', 'nice', 'time', 'stdbuf', 'setsid', 'command']);
/** Longest shell text that is looked into. */
const MAX_SHELL_TEXT = 4_096;
const MAX_DEPTH = 4;

export function classify(file: string, args: readonly string[], depth = 0): Classified {
  const name = programName(file);
  const agent = AGENTS[name];
  if (agent !== undefined) return { executable: agent, kind: AGENT, agentName: agent };
  if (depth < MAX_DEPTH) {
    const inner = unwrap(name, args, depth);
    if (inner !== undefined) return inner;
  }
  return { executable: name, kind: kindOf(name), agentName: undefined };
}

/** `/usr/bin/Git.EXE` -> `git`. */
export function programName(file: string): string {
  return basename(file.replaceAll('\\', '/'))
    .replace(/\.(exe|cmd|bat|com)$/i, '')
    .slice(0, 64);
}

function kindOf(name: string): string {
  if (name === 'git') return GIT;
  if (SHELLS.has(name)) return SHELL;
  if (RUNNERS.has(name) || PACKAGE_MANAGERS.has(name)) return PACKAGE_MANAGER;
  return NODES.has(name) ? NODE : OTHER;
}

function unwrap(name: string, args: readonly string[], depth: number): Classified | undefined {
  if (SHELLS.has(name)) return insideShell(args, depth);
  if (WRAPPERS.has(name)) return firstWord(args, depth);
  if (RUNNERS.has(name)) return agentOnly(packageName(args.find((arg) => !arg.startsWith('-'))), args);
  if (name === 'npm' && (args[0] === 'exec' || args[0] === 'x')) return agentOnly(packageName(args.slice(1).find((arg) => !arg.startsWith('-'))), args);
  if (NODES.has(name)) return agentOnly(scriptPackage(args.find((arg) => !arg.startsWith('-'))), args);
  return undefined;
}

function agentOnly(name: string | undefined, _args: readonly string[]): Classified | undefined {
  const agent = name === undefined ? undefined : AGENTS[name];
  return agent === undefined ? undefined : { executable: agent, kind: AGENT, agentName: agent };
}

/** `@anthropic-ai/claude-code@2.1` -> `claude-code`. */
function packageName(spec: string | undefined): string | undefined {
  return spec?.replace(/^@[^/]+\//, '').replace(/@.*$/, '');
}

/** The package folder a script sits in: `.../node_modules/@openai/codex/bin/codex.js` -> `codex`. */
function scriptPackage(script: string | undefined): string | undefined {
  return script === undefined ? undefined : /node_modules[\\/](?:@[^\\/]+[\\/])?([^\\/]+)[\\/][^]*$/.exec(script)?.[1];
}

/** One simple command stands for itself; of several, an agent among them wins, else the shell does. */
function insideShell(args: readonly string[], depth: number): Classified | undefined {
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg) || arg.toLowerCase() === '/c');
  const text = args[at + 1];
  if (at < 0 || text === undefined || text.length > MAX_SHELL_TEXT) return undefined;
  const commands = text.split(/[;&|\n()]+/).map(words).filter((list) => list.length > 0);
  const classified = commands.map((list) => firstWord(list, depth)).filter((each) => each !== undefined);
  if (commands.length === 1 && !/[`$<>]/.test(text)) return classified[0];
  return classified.find((each) => each.agentName !== undefined);
}

function firstWord(list: readonly string[], depth: number): Classified | undefined {
  const at = list.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
  const word = list[at];
  return word === undefined ? undefined : classify(word, list.slice(at + 1), depth + 1);
}

function words(command: string): string[] {
  return (command.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
}
