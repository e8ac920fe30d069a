/** Tells from a command line which program works behind shells and runners, and whether it is an agent. Pure. */
import { basename } from 'node:path/posix';
import {
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT as AGENT,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_GIT as GIT,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_NODE as NODE,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_OTHER as OTHER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_PACKAGE_MANAGER as PACKAGE_MANAGER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_SHELL as SHELL,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_TEST as TEST,
} from '../semconv/index.ts';
import { agentCalled, isInvocation, type AgentProgram } from './agents.ts';
import {
  NODE_TEXT,
  NODE_VALUES,
  NODES,
  PACKAGE_MANAGERS,
  PACKAGE_RUNNERS,
  PYTHON,
  PYTHON_VALUES,
  RUNNER_VALUES,
  SHELLS,
  WRAPPERS,
  type Wrapper,
} from './known.ts';
import { firstOperand } from './operands.ts';
import { purposeOf } from './purposes.ts';
import { shellText } from './shell-words.ts';

export interface Classified {
  /** The program that does the work: `claude` for `sh -c 'npx @anthropic-ai/claude-code -p ...'`. */
  executable: string;
  kind: string;
  /** Set where an agent CLI is asked to work, which `claude --version` does not do. */
  agentName: string | undefined;
  /** Set where the text of a shell starts several agents, each of which is one of its own: the name of the first. */
  startsAgent?: string;
}

/** Characters of a shell text that are read: a long prompt comes last. */
const MAX_SHELL_TEXT = 4_096;
/** Shells within wrappers within runners. Protects from a text that nests without end. */
const MAX_DEPTH = 4;
const MAX_NAME = 64;

/** @example classify('sh', ['-c', 'cd app && npx -y @anthropic-ai/claude-code -p hi']).agentName // 'claude' */
export function classify(file: string, args: readonly string[], depth = 0): Classified {
  const name = programName(file);
  const agent = agentCalled(name);
  if (agent !== undefined) return asAgent(agent, args);
  const inner = depth < MAX_DEPTH ? unwrap(name, args, depth) : undefined;
  return inner ?? asNamed(name, args);
}

/** The same, but only interpreters are looked behind: not a shell's text, not wrappers, not runners of packages. */
export function classifyInterpreted(file: string, args: readonly string[]): Classified {
  const name = programName(file);
  const agent = agentCalled(name);
  if (agent !== undefined) return asAgent(agent, args);
  return insideInterpreter(name, args) ?? asNamed(name, args);
}

const asNamed = (name: string, args: readonly string[]): Classified => ({
  executable: name,
  kind: purposeOf(name, args) ?? kindOf(name),
  agentName: undefined,
});

/** Names that were found, by the word; words that are longer are prompts and lists. Both protect memory. */
const names = new Map<string, string>();
const MAX_NAMES = 256;
const MAX_WORD = 128;

/** `C:\Git\bin\Git.EXE` is `git`, `codex-x86_64-unknown-linux-musl` is `codex`; an unknown name keeps its case. */
export function programName(file: string): string {
  const known = names.get(file);
  if (known !== undefined) return known;
  const name = nameOf(file);
  if (names.size < MAX_NAMES && file.length <= MAX_WORD) names.set(file, name);
  return name;
}

function nameOf(file: string): string {
  const name = basename(file.replaceAll('\\', '/')).replace(/\.(exe|cmd|bat|com|ps1)$/i, '');
  const lower = name.toLowerCase();
  const bare = lower.replace(/-(?:x86_64|aarch64|arm64|x64)-[\w-]+$/, '');
  if (bare !== lower && agentCalled(bare) !== undefined) return bare;
  const isKnown = lower !== name && (agentCalled(lower) !== undefined || kindOf(lower) !== OTHER || WRAPPERS.has(lower));
  return (isKnown ? lower : name).slice(0, MAX_NAME) || 'unknown';
}

function kindOf(name: string): string {
  if (name === 'git') return GIT;
  if (SHELLS.has(name)) return SHELL;
  if (PACKAGE_MANAGERS.has(name)) return PACKAGE_MANAGER;
  return NODES.has(name) ? NODE : OTHER;
}

function asAgent(agent: AgentProgram, args: readonly string[]): Classified {
  const isInvoked = isInvocation(agent, args);
  const kind = isInvoked || agent.verbs === undefined ? AGENT : OTHER;
  return { executable: agent.name, kind, agentName: isInvoked ? agent.name : undefined };
}

/** What is known by name to be an agent, a test, a build or a server of models; undefined for all else. */
function asKnown(name: string, args: readonly string[]): Classified | undefined {
  const agent = agentCalled(name);
  if (agent !== undefined) return asAgent(agent, args);
  const kind = purposeOf(name, args);
  return kind === undefined ? undefined : { executable: name.slice(0, MAX_NAME), kind, agentName: undefined };
}

function unwrap(name: string, args: readonly string[], depth: number): Classified | undefined {
  if (SHELLS.has(name)) return insideShell(name, args, depth);
  const wrapper = WRAPPERS.get(name);
  if (wrapper !== undefined) return insideWrapper(wrapper, args, depth);
  const verbs = PACKAGE_RUNNERS.get(name);
  const hasVerb = verbs !== undefined && (verbs.length === 0 || verbs.includes(args[0] ?? ''));
  if (hasVerb) return insideRunner(verbs.length === 0 ? args : args.slice(1));
  return insideInterpreter(name, args);
}

function insideInterpreter(name: string, args: readonly string[]): Classified | undefined {
  if (SHELLS.has(name)) return args.some(isShellText) ? undefined : insideScript(args, NO_VALUES);
  if (PYTHON.test(name)) return insidePython(args);
  return NODES.has(name) ? insideNode(args) : undefined;
}

const isShellText = (arg: string): boolean => /^-[a-z]*c$|^[-/](?:c|command)$/i.test(arg);

/** A single command is what the shell runs. Of several commands it is the one agent among them, else the shell itself. */
function insideShell(name: string, args: readonly string[], depth: number): Classified | undefined {
  const at = args.findIndex(isShellText);
  const text = args[at + 1];
  if (at < 0) return insideScript(args, NO_VALUES);
  if (text === undefined) return undefined;
  const { commands, isMore } = shellText(text.slice(0, MAX_SHELL_TEXT));
  const classified = commands.flatMap((words) => insideWrapper(NO_OPTIONS, words, depth) ?? []);
  const [agent, ...more] = classified.filter((each) => (each.agentName ?? each.startsAgent) !== undefined);
  const first = agent?.agentName ?? agent?.startsAgent;
  if (first !== undefined && more.length > 0) return { ...asNamed(name, args), startsAgent: first };
  return agent ?? (commands.length === 1 && !isMore ? classified[0] : undefined);
}

const NO_VALUES: ReadonlySet<string> = new Set();
const NO_OPTIONS: Wrapper = { values: NO_VALUES, skips: 0 };

/** The program that follows the wrapper's own options, words and assignments. */
function insideWrapper({ values, skips, asks }: Wrapper, args: readonly string[], depth: number): Classified | undefined {
  let left = skips;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (asks?.has(arg) === true) return undefined;
    if (values.has(arg)) at += 1;
    else if (arg.startsWith('-') || arg === '' || /^\w+=/.test(arg)) continue;
    else if (left > 0) left -= 1;
    // A variable or a substitution: only the shell knows the program.
    else if (/[$`]/.test(arg)) return undefined;
    else return classify(arg, args.slice(at + 1), depth + 1);
  }
  return undefined;
}

/** The known program whose package is run; undefined for all else, which counts as the runner. */
function insideRunner(args: readonly string[]): Classified | undefined {
  const at = firstOperand(args, RUNNER_VALUES);
  const rest = args.slice(at + 1).filter((arg) => arg !== '--');
  return asKnown(packageName(args[at] ?? ''), rest);
}

/** The known program whose script is run, by its package folder, its link in `.bin`, or its name in a folder of programs. */
function insideNode(args: readonly string[]): Classified | undefined {
  const at = firstOperand(args, NODE_VALUES);
  const options = args.slice(0, at);
  if (options.some((arg) => NODE_TEXT.has(arg)) || NODE_TEXT.has(args[at] ?? '')) return undefined;
  if (options.includes('--test')) return { executable: 'node', kind: TEST, agentName: undefined };
  const script = args[at] ?? '';
  return asKnown(scriptPackage(script), args.slice(at + 1)) ?? insideScript(args, NODE_VALUES);
}

/** `python -m pytest`, `/venv/bin/python /venv/bin/aider`. */
function insidePython(args: readonly string[]): Classified | undefined {
  const at = args.indexOf('-m');
  if (at < 0 || at > firstOperand(args, PYTHON_VALUES)) return args.includes('-c') ? undefined : insideScript(args, PYTHON_VALUES);
  const module = args[at + 1] ?? '';
  const rest = args.slice(at + 2);
  // `vllm.entrypoints.openai.api_server` serves as `vllm serve` does.
  if (/^vllm\..*server$/.test(module)) return asKnown('vllm', ['serve']);
  return asKnown(module, rest) ?? asKnown(module.split('.', 1)[0] ?? '', rest);
}

/** A script that a `#!` line hands to its interpreter: known by its name where programs lie, in a `bin` or as a wrapper here. */
function insideScript(args: readonly string[], values: ReadonlySet<string>): Classified | undefined {
  const at = firstOperand(args, values);
  const script = (args[at] ?? '').replaceAll('\\', '/');
  const isProgram = /(?:^|\/)\.?bin\/[\w.-]+$/.test(script) || /(?:^|\/)(?:mvnw|gradlew)$/.test(script);
  return isProgram ? asKnown(basename(script), args.slice(at + 1)) : undefined;
}

/** `@anthropic-ai/claude-code@2.1` is `claude-code`. */
function packageName(spec: string): string {
  return spec.replace(/^@[^/]+\//, '').replace(/(?:@|==).*$/, '');
}

/** The innermost package of `.../node_modules/@openai/codex/bin/codex.js` is `codex`; a link in `.bin` counts too. */
function scriptPackage(script: string): string {
  const inside = script.replaceAll('\\', '/').split('/node_modules/').at(-1) ?? '';
  if (inside === script) return '';
  const [first = '', second = ''] = inside.split('/');
  return first === '.bin' || first.startsWith('@') ? second : first;
}
