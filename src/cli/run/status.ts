/** Shows the status on stderr while the program runs: one line of ours above it on a terminal, plain lines elsewhere. */
import { runClock } from '../../config/run-clock.ts';
import { startedWith } from '../../config/started-with.ts';
import type { LiveFindings } from '../../analysis/index.ts';
import type { ProcessTree } from '../../processes/index.ts';
import type { Live } from '../../viewer/index.ts';
import { isHeldUp, say } from '../streams.ts';
import { isPlainStatusDue, renderPlainStatus, renderStatusLine, type PlainStatus, type StatusSnapshot } from './status-line.ts';
import { watchTerminal, type TerminalWatch } from './terminal.ts';

/** Time between two updates of the status; each asks a terminal for its modes, which is a child of 1 ms. */
const LOOK_MS = 1_000;
/** A run that is shorter prints no plain line. */
const SHORT_MS = 2_000;

export interface StatusOptions {
  readonly live: Live;
  readonly startMs: number;
  readonly findings?: Pick<LiveFindings, 'now' | 'beyond'> | undefined;
  /** Absent: nothing is known of processes. */
  readonly processes?: Pick<ProcessTree, 'silent' | 'all'> | undefined;
}

export interface Status {
  /** To be called when the program has been started. */
  begin(options: StatusOptions): void;
  /** Something is wrong, or no longer: it is shown at once. */
  readonly look: () => void;
  /** Takes away what stands there of ours. */
  stop(): void;
}

/** To be called before the program starts: from then on what is written to the terminal is the program's. */
export function prepareStatus(isQuiet: boolean): Status {
  let timer: NodeJS.Timeout | undefined;
  let given: StatusOptions | undefined;
  const look = (): void => {
    if (given !== undefined) lines?.look(given);
  };
  const lines = isQuiet ? undefined : process.stderr.isTTY ? liveLine() : plainLines();
  return {
    begin(options) {
      given = options;
      if (lines !== undefined) timer = setInterval(look, LOOK_MS);
    },
    look,
    stop() {
      given = undefined;
      clearInterval(timer);
      lines?.stop();
    },
  };
}

interface Lines {
  look(options: StatusOptions): void;
  stop(): void;
}

function plainLines(): Lines {
  let last: PlainStatus | undefined;
  return {
    look(options) {
      const nowMs = runClock.now();
      const snapshot = snapshotOf(options, nowMs);
      const isShort = snapshot.elapsedMs < SHORT_MS && (snapshot.findings ?? []).length === 0;
      if (isShort || isHeldUp() || !isPlainStatusDue(last, snapshot, nowMs)) return;
      say(`${renderPlainStatus(snapshot)}\n`);
      last = { atMs: nowMs, snapshot };
    },
    stop: () => undefined,
  };
}

/**
 * The line stands above the cursor, which is put back where it was: whatever the program writes begins on a line of its
 * own. With the program's first output it is over: then nobody knows what stands where.
 */
function liveLine(): Lines | undefined {
  const terminal = startedWith['TERM'] === 'dumb' ? undefined : watchTerminal(process.stderr.fd);
  return terminal === undefined ? undefined : linesAbove(terminal);
}

const [SAVE, RESTORE, UP, CLEAR, CLEAR_BELOW] = ['\u001B7', '\u001B8', '\u001B[1A\r', '\u001B[2K', '\u001B[J'];

function linesAbove(terminal: TerminalWatch): Lines {
  const { stderr } = process;
  let state: 'looking' | 'idle' | 'over' = 'idle';
  /** Of the terminal when the line was painted: on another width it may have become two. */
  let paintedColumns = 0;
  const paint = async (options: StatusOptions): Promise<void> => {
    const found = await terminal.look();
    if (state !== 'looking') return;
    state = found === 'taken' ? 'over' : 'idle';
    if (found !== 'free') return;
    const columns = columnsOf(stderr);
    const line = renderStatusLine(snapshotOf(options, runClock.now()), columns - 1);
    terminal.write(paintedColumns === columns ? `${SAVE}${UP}${CLEAR}${line}${RESTORE}` : `${line}\n`);
    paintedColumns = columns;
  };
  return {
    look(options) {
      if (state !== 'idle') return;
      state = 'looking';
      void paint(options);
    },
    stop() {
      const isOurs = state !== 'over' && paintedColumns === columnsOf(stderr) && terminal.isUntouched();
      state = 'over';
      if (isOurs) terminal.write(`${UP}${CLEAR_BELOW}`);
    },
  };
}

/** A terminal that nobody told its size says 0. */
const columnsOf = ({ columns }: { columns: number }): number => (columns > 0 ? columns : 80);

function snapshotOf({ live, startMs, processes, findings }: StatusOptions, nowMs: number): StatusSnapshot {
  const now = live.snapshot(nowMs);
  return {
    elapsedMs: nowMs - startMs,
    agentsRunning: now.openAgents,
    tasksRunning: now.openTasks,
    tasksDone: now.doneTasks,
    tasksFailed: now.failedTasks,
    processes: processes?.all().filter(({ endMs }) => endMs === undefined).length,
    llmInFlight: now.llmCallsInFlight,
    llmDone: now.llmCallsDone,
    tokensIn: now.inputTokens,
    tokensOut: now.outputTokens,
    costUsd: now.cost,
    rateLimited: now.rateLimited,
    oldestTask: now.oldestTask,
    silent: processes?.silent()[0],
    findings: (findings?.now() ?? []).map(({ id, text }) => ({ id, text })),
    moreFindings: findings?.beyond() ?? 0,
  };
}
