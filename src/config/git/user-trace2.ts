/** What a user's own git configuration says about Trace2: an environment variable of ours would win over it, so it is read first. */
import process from 'node:process';
import { join } from 'node:path';
import { QUIET_GIT } from './quiet.ts';
import { readSmall } from './worktree.ts';

/** What of it touches ours. */
export interface UserTrace2 {
  /** Events go somewhere of the user's: they stay there. */
  readonly hasTarget: boolean;
  /** Variables that the user wants repeated in the events. */
  readonly envVars: string;
  /** Events without times, which tell us nothing: to be asked for otherwise. */
  readonly isBrief: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const NO_USER_TRACE2: UserTrace2 = { hasTarget: false, envVars: '', isBrief: false };

/** git reads Trace2 settings from the system's and the user's file only, and from what those include. */
const SPEAKS_OF_IT = /\[\s*(?:trace2|include)/i;
const SYSTEM_FILES = ['/etc/gitconfig', '/usr/local/etc/gitconfig', '/opt/homebrew/etc/gitconfig'];
/** A user's configuration may include long lists of aliases; protects from a huge file in its place. */
const MAX_FILE_BYTES = 262_144;
/** Protects the start of the program from a git that hangs. */
const MAX_WAIT_MS = 1_000;

/**
 * Looks into the files that git would look into, and asks git only where one of them may speak of Trace2: most users pay four `stat`s.
 * `run` starts a child that nobody watches. Never throws.
 */
export function readUserTrace2(environment: Environment, run: <T>(fn: () => T) => T): UserTrace2 {
  try {
    return files(environment).some((file) => SPEAKS_OF_IT.test(readSmall(file, MAX_FILE_BYTES)?.text ?? ''))
      ? parseUserTrace2(run(() => askGit(environment)))
      : NO_USER_TRACE2;
  } catch {
    // No git, a git that hangs: then there is nothing that it could be asked to keep.
    return NO_USER_TRACE2;
  }
}

function files(environment: Environment): string[] {
  const home = environment['HOME'] ?? '';
  const xdg = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const isSystemOff = /^(?:1|true|yes|on)$/i.test(environment['GIT_CONFIG_NOSYSTEM'] ?? '');
  const system = environment['GIT_CONFIG_SYSTEM'];
  const global = environment['GIT_CONFIG_GLOBAL'];
  return [
    ...(isSystemOff ? [] : system === undefined ? SYSTEM_FILES : [system]),
    ...(global === undefined ? [join(xdg, 'git', 'config'), join(home, '.gitconfig')] : [global]),
  ];
}

function askGit(environment: Environment): string {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  return execFileSync('git', ['config', '-z', '--includes', '--get-regexp', '^trace2\\.'], {
    // In no repository, whose own file git ignores for Trace2.
    cwd: '/',
    env: { ...environment, ...QUIET_GIT, GIT_CONFIG_COUNT: '0' },
    encoding: 'utf8',
    timeout: MAX_WAIT_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Reads `git config -z --get-regexp`: `key\nvalue\0`, the last of a key counts. */
export function parseUserTrace2(output: string): UserTrace2 {
  const values = new Map<string, string>();
  for (const entry of output.split('\0')) {
    const at = entry.indexOf('\n');
    if (entry !== '') values.set(at < 0 ? entry : entry.slice(0, at), at < 0 ? 'true' : entry.slice(at + 1));
  }
  return {
    hasTarget: !isOff(values.get('trace2.eventtarget')),
    envVars: values.get('trace2.envvars') ?? '',
    isBrief: !isOff(values.get('trace2.eventbrief')),
  };
}

/** As git reads a Trace2 target or a switch: absent, empty, 0 and false mean none. */
export function isOff(value: string | undefined): boolean {
  return value === undefined || /^(?:|0|false|no|off)$/i.test(value);
}
