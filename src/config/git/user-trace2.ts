/** Reads what the user's git configuration says about Trace2: our environment variables would override it. */
import { isAbsolute, join } from 'node:path';
import { readSmall } from '../small-file.ts';

/** The settings that our variables would override. */
export interface UserTrace2 {
  readonly hasTarget: boolean;
  /** Variables that the user wants to see in the events. */
  readonly envVars: string;
  /** Events are written without times; ours need them. */
  readonly isBrief: boolean;
}

/** Added to the environment of a git that we ask something ourselves: it writes nothing where the user traces git. */
export const QUIET_GIT: Readonly<Record<string, string>> = {
  GIT_TRACE: '0',
  GIT_TRACE_SETUP: '0',
  GIT_TRACE_PERFORMANCE: '0',
  GIT_TRACE2: '0',
  GIT_TRACE2_PERF: '0',
  GIT_TRACE2_EVENT: '0',
  SWARMSCOPE_DISABLED: '1',
};

type Environment = Readonly<Record<string, string | undefined>>;

export const NO_USER_TRACE2: UserTrace2 = { hasTarget: false, envVars: '', isBrief: false };

/** git reads Trace2 settings from the files of the system and of the user only, and from files that those include. */
const SPEAKS_OF_IT = /\[\s*(?:trace2|include)/i;
const SYSTEM_FILES = ['/etc/gitconfig', '/usr/local/etc/gitconfig', '/opt/homebrew/etc/gitconfig'];
/** A user's configuration may include long lists of aliases; protects from a huge file in its place. */
const MAX_FILE_BYTES = 262_144;
/** Protects the start of the program from a git that hangs. */
const MAX_WAIT_MS = 1_000;

/** Asks git only where a file may set Trace2 (else four `stat`s suffice), in a child nobody observes. Never throws. */
export function readUserTrace2(environment: Environment, unobserved: <T>(fn: () => T) => T): UserTrace2 {
  try {
    return files(environment).some((file) => SPEAKS_OF_IT.test(readSmall(file, MAX_FILE_BYTES)?.text ?? ''))
      ? parseUserTrace2(unobserved(() => askGit(environment)))
      : NO_USER_TRACE2;
  } catch {
    // There is no git, or it hangs: then it traces nothing either.
    return NO_USER_TRACE2;
  }
}

function files(environment: Environment): string[] {
  const home = environment['HOME'] ?? '';
  const xdg = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const isSystemOff = /^(?:1|true|yes|on)$/i.test(environment['GIT_CONFIG_NOSYSTEM'] ?? '');
  const system = environment['GIT_CONFIG_SYSTEM'];
  const global = environment['GIT_CONFIG_GLOBAL'];
  const all = [
    ...(isSystemOff ? [] : system === undefined ? SYSTEM_FILES : [system]),
    ...(global === undefined ? [join(xdg, 'git', 'config'), join(home, '.gitconfig')] : [global]),
  ];
  // Without a home they would lie in the working folder.
  return all.filter((file) => isAbsolute(file));
}

function askGit(environment: Environment): string {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  return execFileSync('git', ['config', '-z', '--includes', '--get-regexp', '^trace2\\.'], {
    // Outside all repositories: git ignores their configuration for Trace2.
    cwd: '/',
    env: { ...environment, ...QUIET_GIT, GIT_CONFIG_COUNT: '0' },
    encoding: 'utf8',
    timeout: MAX_WAIT_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Reads the output of `git config -z --get-regexp`, which is `key\nvalue\0`; of several values the last counts. */
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

/** Whether git takes a Trace2 target or switch for off: absent, empty, 0, false, no or off. */
export function isOff(value: string | undefined): boolean {
  return value === undefined || /^(?:|0|false|no|off)$/i.test(value);
}
