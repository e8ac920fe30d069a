// Runs a real program as a user would: own process group, own home folder, clean environment, with the built preload or
// without.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from '@jest/globals';
import { closeAtEnd } from './close-at-end.ts';
import { ensureBuilt, requireBuilt } from './ensure-built.ts';
import { preloadFile, repository } from './paths.ts';

export type Preload = 'require' | 'import' | 'NODE_OPTIONS' | 'none';

export interface ProgramOptions {
  /** Files to write into a fresh folder, by relative path; the first one is run unless `file` names another. */
  readonly files?: Readonly<Record<string, string>>;
  /** The program: absolute, or one of `files`. */
  readonly file?: string;
  /** Something else than Node to run, with `args`; `preload` then works by NODE_OPTIONS only. */
  readonly command?: string;
  /** Path of the Node binary; default: the one that runs the tests. */
  readonly node?: string;
  /** Default `require`. */
  readonly preload?: Preload;
  /** The preload itself; default: the built dist/register.cjs. */
  readonly preloadFile?: string;
  /** Node flags before the program. */
  readonly nodeArgs?: readonly string[];
  readonly args?: readonly string[];
  /** Added to a clean environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /**
   * The whole process group is killed after this; default 300,000: a limit for what hangs, which no busy machine
   * reaches.
   */
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Wall time. */
  readonly ms: number;
  readonly isTimedOut: boolean;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  /** Its folder; HOME and the XDG folders lie in `home`. */
  readonly folder: string;
  readonly home: string;
  readonly finished: Promise<ProgramResult>;
  /**
   * Resolves when what was printed so far (stdout and stderr together) matches; rejects when the program ends first.
   */
  printed(pattern: RegExp): Promise<void>;
}

/** More output than this is cut: a runaway program must not fill the memory of the tests. */
const maxOutputCharacters = 10_000_000;

const made: string[] = [];
// jest's workers are killed without an `exit` event.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A fresh folder that goes away with the test process. */
export function freshFolder(name = 'test'): string {
  const folder = mkdtempSync(join(tmpdir(), `swarmscope-${name}-`));
  made.push(folder);
  return folder;
}

/** Runs to the end. Never rejects: a program that cannot start has `code` null and says why in `stderr`. */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  return startProgram(options).finished;
}

export function startProgram(options: ProgramOptions): RunningProgram {
  const preload = options.preload ?? 'require';
  if (preload !== 'none' && options.preloadFile === undefined) {
    ensureBuilt();
    requireBuilt(preloadFile);
  }
  const folder = freshFolder('program');
  writeProgram(folder, options.files ?? {});
  const home = freshFolder('home');
  const startedMs = performance.now();
  const { command, args } = commandLine(options, preload, folder);
  const child = spawn(command, args, {
    cwd: options.cwd ?? folder,
    env: environment(options, preload, home),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (output[name].length < maxOutputCharacters) output[name] += text;
      for (const watcher of watchers) watcher();
    });
  }
  closeAtEnd(() => {
    if (child.exitCode === null && child.signalCode === null) killGroup(child);
  });
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    killGroup(child);
  }, options.timeoutMs ?? 300_000);
  const finished = new Promise<ProgramResult>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(timer);
      resolve({ ...output, code, signal, ms: performance.now() - startedMs, isTimedOut });
    };
    child.once('error', (error) => {
      output.stderr += String(error);
      end(null, null);
    });
    child.once('close', end);
  });
  const printed = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(output.stdout + output.stderr)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
      void finished.then((result) => reject(new Error(`it ended without printing ${String(pattern)}: ${JSON.stringify(result)}`)));
    });
  return { child, folder, home, finished, printed };
}

function writeProgram(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
}

function commandLine(options: ProgramOptions, preload: Preload, folder: string): { command: string; args: string[] } {
  if (options.command !== undefined) return { command: options.command, args: [...(options.args ?? [])] };
  const register = options.preloadFile ?? preloadFile;
  const flags = { require: ['--require', register], import: ['--import', pathToFileURL(register).href], NODE_OPTIONS: [], none: [] }[
    preload
  ];
  const first = options.file ?? Object.keys(options.files ?? {})[0];
  const program = first === undefined ? [] : [options.files?.[first] === undefined ? first : join(folder, first)];
  return { command: options.node ?? process.execPath, args: [...flags, ...(options.nodeArgs ?? []), ...program, ...(options.args ?? [])] };
}

/** What a fresh account has, and nothing of the machine that runs the tests. */
function environment(options: ProgramOptions, preload: Preload, home: string): NodeJS.ProcessEnv {
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Test\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n');
  const register = options.preloadFile ?? preloadFile;
  const clean: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_CONFIG_HOME: join(home, '.config'),
    GIT_CONFIG_NOSYSTEM: '1',
    ...(preload === 'NODE_OPTIONS' ? { NODE_OPTIONS: `--require "${register}"` } : {}),
    ...options.env,
  };
  return Object.fromEntries(Object.entries(clean).filter(([, value]) => value !== undefined));
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended by itself a moment ago.
  }
}
