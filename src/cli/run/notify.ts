/** `--notify`: hands each finding, as it is raised and as it is withdrawn, to a command of the user's. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { LiveChange, RunRow } from '../../analysis/index.ts';
import { liveEnvironment } from '../../config/started-with.ts';
import { warn } from '../streams.ts';

export interface NotifierOptions {
  /** A shell command line. */
  readonly command: string;
  readonly run: Pick<RunRow, 'id' | 'name'>;
  /** Longest time that one command may take. */
  readonly timeoutMs: number;
}

export interface Notifier {
  /** Returns at once; never throws. */
  tell(change: LiveChange): void;
  /** Resolves when all that waits was handed over, at the latest after the time that one command may take. */
  finish(): Promise<{ readonly failed: number; readonly dropped: number }>;
}

/** Commands at the same time: a shell and what it starts take memory and a core. */
const MAX_RUNNING = 3;
/** Findings that wait for a command; protects from one that takes its time while hundreds are told. */
const MAX_WAITING = 200;
/** Of what a command that fails says on its standard error. */
const MAX_SAID = 300;

export function startNotifier({ command, run, timeoutMs }: NotifierOptions): Notifier {
  const waiting: LiveChange[] = [];
  const running = new Map<string, Running>();
  let failed = 0;
  let dropped = 0;
  let onIdle: (() => void) | undefined;

  const fail = (why: string): void => {
    failed += 1;
    if (failed === 1)
      warn(`The command of --notify ${why}. It gets a finding as JSON on its standard input; how often it fails is in the report.`);
  };
  const next = (): void => {
    while (running.size < MAX_RUNNING) {
      // What is withdrawn comes after what was raised.
      const at = waiting.findIndex(({ finding }) => !running.has(finding.id));
      const [change] = at < 0 ? [] : waiting.splice(at, 1);
      if (change === undefined) break;
      const { id } = change.finding;
      const started = start({ command, json: `${JSON.stringify(messageOf(change, run))}\n`, timeoutMs });
      running.set(id, started);
      void started.ended.then((why) => {
        running.delete(id);
        if (why !== undefined) fail(why);
        next();
      });
    }
    if (running.size === 0 && waiting.length === 0) onIdle?.();
  };
  return {
    tell(change) {
      if (waiting.length >= MAX_WAITING) dropped += 1;
      else waiting.push(change);
      next();
    },
    async finish() {
      const late = setTimeout(() => {
        dropped += waiting.length;
        waiting.length = 0;
        for (const each of running.values()) each.end();
      }, timeoutMs);
      await new Promise<void>((resolve) => {
        onIdle = resolve;
        next();
      });
      clearTimeout(late);
      return { failed, dropped };
    },
  };
}

interface Running {
  /** Resolves with why it failed; undefined where it did not. */
  readonly ended: Promise<string | undefined>;
  /** Ends it and all that it started. */
  readonly end: () => void;
}

function start({ command, json, timeoutMs }: { command: string; json: string; timeoutMs: number }): Running {
  let child: ChildProcess;
  try {
    // Its own group: it is ended whole, and Ctrl-C at the terminal is for the program.
    child = spawn(command, { shell: true, detached: true, stdio: ['pipe', 'ignore', 'pipe'], env: liveEnvironment() });
  } catch (error) {
    return { ended: Promise.resolve(`could not be started (${String(error)})`), end: () => undefined };
  }
  let said = '';
  let isLate = false;
  child.stderr?.setEncoding('utf8').on('data', (more: string) => (said = (said + more).slice(0, MAX_SAID)));
  child.stdin?.on('error', () => {
    // EPIPE: it has read enough.
  });
  child.stdin?.end(json);
  const end = (): void => {
    isLate = true;
    killGroup(child);
  };
  const timer = setTimeout(end, timeoutMs);
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => {
      // What it left in the background may hold its streams open.
      child.stderr?.destroy();
      const words = said.trim() === '' ? '' : `: ${said.trim()}`;
      if (isLate) resolve(`took longer than ${timeoutMs} ms and was ended`);
      else resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${String(code)}`}${words}`);
    });
  });
  return { ended: ended.finally(() => clearTimeout(timer)), end };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // ESRCH: it has ended.
  }
}

/** What the command reads; documented in docs/live.md. */
function messageOf(change: LiveChange, run: NotifierOptions['run']): Record<string, unknown> {
  const { state, atMs, finding } = change;
  const { id, kind, severity, text, action, sinceMs, value, threshold, where, evidence } = finding;
  return {
    version: 1,
    state,
    ...(change.state === 'withdrawn' ? { because: change.because } : {}),
    ...{ id, kind, severity, text, action },
    time: new Date(atMs).toISOString(),
    since: new Date(sinceMs).toISOString(),
    ...{ value, threshold, where },
    evidence: { spanIds: evidence.map(({ spanId }) => spanId), traceIds: [...new Set(evidence.map(({ traceId }) => traceId))] },
    run: { id: run.id, name: run.name },
  };
}
