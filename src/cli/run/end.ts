/** The end of a run: processes that still send are waited for, the run's span ends, and the parts close in order. */
import type { ProcessTree } from '../../processes/index.ts';
import type { Supervisor } from '../../sdk/supervisor.ts';
import type { Receiver } from '../../viewer/index.ts';
import type { Left } from './left.ts';
import type { Parts } from './parts.ts';
import type { ProgramEnd } from './program.ts';
import type { SessionFiles } from './session-files/index.ts';

/** Longest wait for processes that end with the program and still send. */
const STRAGGLERS_MS = 1_500;
/** After this time without a request, nothing more is expected. */
const QUIET_MS = 120;
/** Longest wait for the last telemetry of our own. */
const FLUSH_MS = 2_000;
/** Longest wait until it is known what became of what was handed on, so that the last metrics can tell. */
const SETTLE_MS = 1_000;

interface Beside {
  readonly left: Left | undefined;
  readonly processes: ProcessTree | undefined;
  readonly sessions: SessionFiles | undefined;
  /** When the program ended, in epoch ms. */
  readonly endMs: number;
}

export async function endRun(
  { run, store, forwarding, receiver, owners }: Parts,
  supervisor: Supervisor,
  ended: ProgramEnd,
  { left, processes, sessions, endMs }: Beside,
): Promise<void> {
  await stragglers(supervisor, receiver);
  left?.readAll();
  sessions?.finish();
  await processes?.stop();
  const hasFailed = ended.signal !== undefined || (ended.code ?? 0) !== 0;
  await supervisor.end({
    errorType: hasFailed ? (ended.signal ?? String(ended.code)) : undefined,
    interruptedBy: ended.interruptedBy,
    timeoutMs: FLUSH_MS,
    beforeLedger: () => forwarding?.settled(SETTLE_MS) ?? Promise.resolve(),
    beforeFolderGoes: () => left?.finish(),
    refused: refusedBy(receiver),
    unknownSpans: receiver.unknownSpans(),
  });
  await receiver.close();
  owners.stop();
  store.addLives(supervisor.lives());
  store.addLosses(asLosses(refusedBy(receiver)));
  const strangers = receiver.strangerSpans();
  if (strangers > 0) store.addLosses({ 'kernel.other-process': strangers });
  store.addUnseen(supervisor.unseen());
  store.addLosses(supervisor.losses());
  if (processes !== undefined && processes.beyond() > 0) store.addLosses({ 'processes beyond 5,000 at a time': processes.beyond() });
  store.endRun({ id: run.id, endMs, exitCode: ended.code, signal: ended.signal });
  await forwarding?.finish();
}

/** Until no observed process is connected and the receiver has been quiet for a moment, at most `STRAGGLERS_MS`. */
async function stragglers(supervisor: Supervisor, receiver: Receiver): Promise<void> {
  const deadline = performance.now() + STRAGGLERS_MS;
  let requests = requestCount(receiver);
  let quietSince = performance.now();
  while (performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = requestCount(receiver);
    if (now !== requests) quietSince = performance.now();
    requests = now;
    if (supervisor.memberCount() === 0 && performance.now() - quietSince >= QUIET_MS) return;
  }
}

/** Requests that were refused, by answer: too large, malformed, not from this machine, not from this user. */
function refusedBy(receiver: Receiver): Record<string, number> {
  return Object.fromEntries(Object.entries(receiver.counts()).filter(([answer]) => Number(answer.split('.').at(-1)) >= 400));
}

function asLosses(refused: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(refused).map(([answer, requests]) => [`request.${answer}`, requests]));
}

function requestCount(receiver: Receiver): number {
  return Object.values(receiver.counts()).reduce((sum, count) => sum + count, 0);
}
