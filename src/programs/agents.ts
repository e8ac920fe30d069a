/** The agent CLIs that are known, one row each: how a row's program is recognised and what it is called. Pure data. */

export interface AgentProgram {
  /** `gen_ai.agent.name` of its spans, and the name by which it is shown. */
  readonly name: string;
  /** Names of its executable and of its scripts, in lower case. */
  readonly executables: readonly string[];
  /** Packages of npm and PyPI that bring it, without their scope. Default: those of its executables. */
  readonly packages?: readonly string[];
  /** First words with which it works as an agent, where its name is also that of other programs. Default: all but NO_INVOCATION. */
  readonly verbs?: readonly string[];
}

export const AGENT_PROGRAMS: readonly AgentProgram[] = [
  { name: 'claude', executables: ['claude'], packages: ['claude-code', 'claude-agent-sdk'] },
  { name: 'codex', executables: ['codex'] },
  { name: 'gemini', executables: ['gemini'], packages: ['gemini-cli'] },
  { name: 'opencode', executables: ['opencode'], packages: ['opencode-ai'] },
  { name: 'aider', executables: ['aider'], packages: ['aider-chat'] },
  { name: 'copilot', executables: ['copilot'] },
  { name: 'cursor-agent', executables: ['cursor-agent'] },
  { name: 'amp', executables: ['amp'] },
  // A tool for the schemas of databases has the same name.
  { name: 'goose', executables: ['goose'], verbs: ['run', 'session', 'acp', 'term'] },
  { name: 'qwen', executables: ['qwen'], packages: ['qwen-code'] },
  { name: 'crush', executables: ['crush'] },
];

/** First arguments with which an agent CLI invokes no agent. */
const NO_INVOCATION: ReadonlySet<string> = new Set([
  ...['--version', '-v', '-V', '--help', '-h', 'help', 'mcp', 'mcp-server', 'doctor', 'update', 'upgrade', 'install'],
  ...['config', 'login', 'logout', 'auth', 'setup-token', 'completion'],
]);

/** By the name of an executable, of a script or of a package. */
const byName: ReadonlyMap<string, AgentProgram> = new Map(
  AGENT_PROGRAMS.flatMap((agent) => [...agent.executables, ...(agent.packages ?? [])].map((name) => [name, agent] as const)),
);

/** undefined: not the name of an agent's program or package. @example agentCalled('claude-code')?.name // 'claude' */
export function agentCalled(name: string): AgentProgram | undefined {
  return byName.get(name);
}

/** Whether these arguments ask the agent to work, which `claude --version` does not do. */
export function isInvocation({ verbs }: AgentProgram, [first = '']: readonly string[]): boolean {
  return verbs === undefined || first === '' ? !NO_INVOCATION.has(first) : verbs.includes(first);
}
