/** What names the session of a running agent: its arguments, the environment of its children, the file that Claude Code keeps. */
import { join } from 'node:path';
import { readOurs } from '../config/small-file.ts';
import { nameOf, parseRow } from './json-values.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const ID = /^[\w-]{8,64}$/;

interface Arguments {
  /** Options whose value is a session. */
  readonly options: readonly string[];
  /** Options and words with which it goes on with a session, named or not. */
  readonly continues: readonly string[];
  /** With this one it goes on under a new name. */
  readonly forks: string | undefined;
}

const ARGUMENTS: Readonly<Record<string, Arguments>> = {
  claude: { options: ['--session-id', '--resume', '-r'], continues: ['--resume', '-r', '--continue', '-c'], forks: '--fork-session' },
  codex: { options: ['resume'], continues: ['resume'], forks: undefined },
  gemini: { options: ['--resume', '-r', '--session-id'], continues: ['--resume', '-r'], forks: undefined },
  opencode: { options: ['--session', '-s'], continues: ['--session', '-s', '--continue', '-c'], forks: '--fork' },
};

/** @param args What follows the program. Prompts are among them, so only a whole word of the form of an id counts. */
export function namedByArguments(agent: string, args: readonly string[]): { sessionId: string | undefined; isContinued: boolean } {
  const known = ARGUMENTS[agent];
  if (known === undefined) return { sessionId: undefined, isContinued: false };
  const { options, continues, forks } = known;
  // With two names, the session is a new one that has the history of the other.
  const isForked = forks !== undefined && args.includes(forks);
  let sessionId: string | undefined;
  args.forEach((arg, at) => {
    const [option = '', value = args[at + 1] ?? ''] = arg.split('=', 2);
    if (options.includes(option) && ID.test(value) && /\d/.test(value) && (!isForked || option === '--session-id')) sessionId = value;
  });
  const isContinued = args.some((arg) => continues.includes(arg.split('=', 1)[0] ?? ''));
  return { sessionId, isContinued };
}

/** Variables that agents give to what they start, with their session as the value. */
const CHILD_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  claude: ['CLAUDE_CODE_SESSION_ID'],
  codex: ['CODEX_THREAD_ID', 'CODEX_SESSION_ID'],
};
export const SESSION_VARIABLES = Object.values(CHILD_VARIABLES).flat();

/** `own`: what the agent itself was started with; an agent below another inherits the other's. */
export function namedByChild(agent: string, own: Environment, child: Environment): string | undefined {
  for (const name of CHILD_VARIABLES[agent] ?? []) {
    const value = child[name];
    if (value !== undefined && value !== own[name] && ID.test(value)) return value;
  }
  return undefined;
}

/** Claude Code keeps `sessions/<pid>.json` while it runs. Believed where it names this very process by its start. */
export function namedByPidFile(place: { home: string; environment: Environment }, pid: number, startTicks: number): string | undefined {
  const { CLAUDE_CONFIG_DIR } = place.environment;
  const folder = CLAUDE_CONFIG_DIR?.split(',')[0]?.trim() || join(place.home, '.claude');
  const row = parseRow(readOurs(join(folder, 'sessions', `${pid}.json`)) ?? '');
  return row?.['pid'] === pid && String(row['procStart']) === String(startTicks) ? nameOf(row['sessionId']) : undefined;
}
