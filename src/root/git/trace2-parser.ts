/** Reads the Trace2 events of one git process line by line: https://git-scm.com/docs/api-trace2 */
import { cutText } from '../../semconv/cut-text.ts';
import { repeated } from '../../config/git/environment.ts';

/** A child of a git process, as far as it is needed to tell what the user runs from a helper of git, and how it ended. */
export interface GitChild {
  readonly id: unknown;
  readonly childClass: string;
  /** A shell runs it: its text is the user's, such as that of `rebase --exec`. */
  readonly isShell: boolean;
  /** The name of the hook, else the second word: the name of one of git's own commands. */
  readonly name: string;
  readonly startTime: number;
  endTime: number | undefined;
  exitCode: number | undefined;
}

/** What one git process reported. Its arguments, paths and messages are content and must not leave this process. */
export interface GitCommand {
  sid: string;
  parentSid: string | undefined;
  pid: number | undefined;
  /** Read when its first event came, where it was still there. */
  parentPid: number | undefined;
  /** Names of the processes above it, the nearest first, as the kernel told git (2.34 and later). */
  ancestry: readonly string[];
  argv: string[];
  /** The last command name that git reported; internal names (`_run_dashed_`) are left out. */
  name: string | undefined;
  isShellAlias: boolean;
  aliasArgv: string[] | undefined;
  worktree: string | undefined;
  environment: Record<string, string>;
  errors: string[];
  /** Which kinds of work were seen: they tell a merge from a fast-forward, and how far a command came. */
  didMerge: boolean;
  didUnpack: boolean;
  didReadIndex: boolean;
  children: GitChild[];
  /** Milliseconds since the Unix epoch, with a fraction. */
  startTime: number | undefined;
  lastTime: number | undefined;
  /** From its start to its end, by a clock that nobody sets. */
  elapsedMs: number | undefined;
  isEnded: boolean;
  exitCode: number | undefined;
  signal: number | undefined;
}

export interface Trace2Counts {
  malformed: number;
  tooLong: number;
}

/** Bounds on what is kept of one git process. They protect memory from very long commands and from faulty events. */
export const limits = {
  maxLineChars: 65_536,
  maxArguments: 200,
  maxArgumentChars: 4_096,
  maxErrors: 8,
  maxErrorChars: 1_000,
  maxChildren: 256,
} as const;

/** A command that says that it took longer is wrong. */
const MAX_ELAPSED_S = 30 * 86_400;

export interface Trace2Parser {
  readonly command: GitCommand;
  readonly counts: Trace2Counts;
  /** Takes one line without its newline; a malformed one is counted and skipped. */
  line(text: string): void;
}

function noteRegion(command: GitCommand, text: string): void {
  if (text.includes('"label":"unpack_trees"')) command.didUnpack = true;
  if (text.includes('"label":"do_read_index"')) command.didReadIndex = true;
  if (text.includes('"category":"merge"')) command.didMerge = true;
}

type Json = Record<string, unknown>;
type Reader = (command: GitCommand, event: Json, time: number) => void;

export function createTrace2Parser(): Trace2Parser {
  const command = emptyCommand();
  const counts: Trace2Counts = { malformed: 0, tooLong: 0 };
  return {
    command,
    counts,
    line(text) {
      if (text.length > limits.maxLineChars) {
        counts.tooLong += 1;
        return;
      }
      if (text === '') return;
      // Nine of ten lines are performance regions: not parsing them keeps a rebase of 300 commits cheap.
      const quick = /^\{"event":"(\w+)"/.exec(text)?.[1];
      if (quick === 'region_enter') noteRegion(command, text);
      if (quick !== undefined && !Object.hasOwn(readers, quick)) return;
      const event = parse(text);
      if (event === undefined) counts.malformed += 1;
      else read(command, event);
    },
  };
}

function emptyCommand(): GitCommand {
  return {
    sid: '',
    parentSid: undefined,
    pid: undefined,
    parentPid: undefined,
    ancestry: [],
    argv: [],
    name: undefined,
    isShellAlias: false,
    aliasArgv: undefined,
    worktree: undefined,
    environment: {},
    errors: [],
    didMerge: false,
    didUnpack: false,
    didReadIndex: false,
    children: [],
    startTime: undefined,
    lastTime: undefined,
    elapsedMs: undefined,
    isEnded: false,
    exitCode: undefined,
    signal: undefined,
  };
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    // A truncated line, or one that git did not write.
    return undefined;
  }
}

function read(command: GitCommand, event: Json): void {
  const reader = typeof event['event'] === 'string' && Object.hasOwn(readers, event['event']) ? readers[event['event']] : undefined;
  if (reader === undefined) return;
  const time = typeof event['time'] === 'string' ? parseTime(event['time']) : undefined;
  const sid = event['sid'];
  if (time === undefined || typeof sid !== 'string' || sid.length > 2_000) return;
  if (command.sid === '') identify(command, sid);
  if (command.sid !== sid) return;
  command.lastTime = Math.max(command.lastTime ?? time, time);
  reader(command, event, time);
}

/** A session id `a/b` is process b, started by git process a; each part ends in `-P` and the pid in hexadecimal. */
function identify(command: GitCommand, sid: string): void {
  const slash = sid.lastIndexOf('/');
  command.sid = sid;
  command.parentSid = slash > 0 ? sid.slice(0, slash) : undefined;
  const pid = /-P([0-9a-f]{8})$/.exec(sid)?.[1];
  command.pid = pid === undefined ? undefined : Number.parseInt(pid, 16);
}

const readers: Readonly<Record<string, Reader>> = {
  version: (command, _event, time) => (command.startTime ??= time),
  start(command, event, time) {
    command.startTime =
      time - (typeof event['t_abs'] === 'number' && event['t_abs'] >= 0 && event['t_abs'] < 60 ? event['t_abs'] * 1_000 : 0);
    command.argv = words(event['argv']);
  },
  cmd_name(command, event) {
    const name = event['name'];
    if (name === '_run_shell_alias_') command.isShellAlias = true;
    if (typeof name === 'string' && !name.startsWith('_')) command.name = cutText(name, 100);
  },
  cmd_ancestry: (command, event) => (command.ancestry = words(event['ancestry'])),
  alias: (command, event) => (command.aliasArgv = words(event['argv'])),
  def_repo(command, event) {
    // Submodules are reported as repositories too; the first one is where the command ran.
    if (typeof event['worktree'] === 'string') command.worktree ??= cutText(event['worktree'], limits.maxArgumentChars);
  },
  def_param(command, event) {
    const { param, value } = event;
    if (typeof param !== 'string' || typeof value !== 'string' || !repeated.includes(param)) return;
    command.environment[param] = cutText(value, limits.maxArgumentChars);
  },
  error(command, event) {
    if (typeof event['msg'] === 'string' && command.errors.length < limits.maxErrors)
      command.errors.push(cutText(event['msg'], limits.maxErrorChars));
  },
  child_start(command, event, time) {
    if (command.children.length >= limits.maxChildren) command.children.shift();
    const { child_id: id, child_class: childClass, hook_name: hook, use_shell: isShell } = event;
    command.children.push({
      id,
      childClass: typeof childClass === 'string' ? cutText(childClass, 40) : '?',
      isShell: isShell === true,
      name: cutText(typeof hook === 'string' ? hook : (words(event['argv'])[1] ?? ''), 100),
      startTime: time,
      endTime: undefined,
      exitCode: undefined,
    });
  },
  child_exit(command, event, time) {
    const child = command.children.findLast(({ id, endTime }) => endTime === undefined && id === event['child_id']);
    if (child === undefined) return;
    child.endTime = time;
    if (typeof event['code'] === 'number') child.exitCode = event['code'];
  },
  exit: finish,
  atexit(command, event) {
    finish(command, event);
    command.isEnded = true;
  },
  signal(command, event) {
    noteElapsed(command, event);
    if (typeof event['signo'] === 'number') command.signal = event['signo'];
    command.isEnded = true;
  },
};

function finish(command: GitCommand, event: Json): void {
  noteElapsed(command, event);
  if (typeof event['code'] === 'number') command.exitCode = event['code'];
}

function noteElapsed(command: GitCommand, { t_abs: seconds }: Json): void {
  if (typeof seconds === 'number' && seconds >= 0 && seconds < MAX_ELAPSED_S) command.elapsedMs = seconds * 1_000;
}

function words(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, limits.maxArguments).map((word) => (typeof word === 'string' ? cutText(word, limits.maxArgumentChars) : ''));
}

/** `2026-11-21T12:49:13.634762Z` in milliseconds; `Date.parse` would drop the microseconds. */
function parseTime(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{1,9})Z$/.exec(text);
  const seconds = Date.parse(match === null ? text : `${match[1]}Z`);
  return Number.isNaN(seconds) ? undefined : seconds + (match === null ? 0 : Number(`0.${match[2]}`) * 1_000);
}
