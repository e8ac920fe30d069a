/** Shows the status on stderr while the program runs: one repainted line on a terminal, plain lines elsewhere. */
import { startedWith } from '../../config/started-with.ts';
import type { Live } from '../../viewer/index.ts';
import { isPlainStatusDue, renderPlainStatus, renderStatusLine, type PlainStatus, type StatusSnapshot } from './status-line.ts';

/** Time between two updates of the status. */
const LOOK_MS = 500;

export function showStatus({ live, startMs, isQuiet }: { live: Live; startMs: number; isQuiet: boolean }): () => void {
  if (isQuiet) return () => undefined;
  const { stderr } = process;
  const isTerminal = stderr.isTTY && startedWith['TERM'] !== 'dumb';
  let last: PlainStatus | undefined;
  let isShown = false;
  const look = (): void => {
    const nowMs = Date.now();
    const snapshot = snapshotOf(live, startMs, nowMs);
    if (isTerminal) {
      stderr.write(`\r\u001B[2K${renderStatusLine(snapshot, Math.max(20, stderr.columns - 1))}`);
      isShown = true;
    } else if (snapshot.elapsedMs >= LOOK_MS * 4 && isPlainStatusDue(last, snapshot, nowMs)) {
      stderr.write(`${renderPlainStatus(snapshot)}\n`);
      last = { atMs: nowMs, snapshot };
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    if (isShown) stderr.write('\r\u001B[2K');
  };
}

function snapshotOf(live: Live, startMs: number, nowMs: number): StatusSnapshot {
  const now = live.snapshot(nowMs);
  return {
    elapsedMs: nowMs - startMs,
    tasksRunning: now.openTasks,
    tasksDone: now.doneTasks,
    tasksFailed: now.failedTasks,
    queued: 0,
    llmInFlight: now.llmCallsInFlight,
    tokensIn: now.inputTokens,
    tokensOut: now.outputTokens,
    costUsd: now.cost,
    rateLimited: now.rateLimited,
    oldestTask: now.oldestTask,
  };
}
