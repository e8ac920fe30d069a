/** Opens a run and keeps it new: a stream where one of the few connections is free, else polls; hidden tabs only ask for the pulse. */
import { batch, effect } from '@preact/signals';
import type { Frame } from '../wire.ts';
import { loadDetails } from './details.ts';
import { applyFrame, modelOf } from './model.ts';
import { loadReport } from './report.ts';
import { SourceError, type Source } from './source.ts';
import { announcement, connection, facts, failure, model, runId, source, toldAt, version } from './state.ts';

/** A browser gives one host six connections, and the one too many hangs without a word. */
const SLOTS = ['swarmscope-stream-1', 'swarmscope-stream-2', 'swarmscope-stream-3', 'swarmscope-stream-4'];
const POLL_MS = 1_000;
const PULSE_MS = 10_000;
const MAX_RETRY_MS = 10_000;
/** A server that voids all it told again and again is asked for the whole no more often. */
const SNAPSHOT_MS = 1_000;
/** Words are written anew at most this often, however many tasks start. */
const FACTS_MS = 150;

/** Follows the run that the address names, for as long as the page is open. */
export function followRuns(): void {
  effect(() => {
    const id = runId.value;
    const from = source.value;
    if (id === undefined || from === undefined) return undefined;
    const ended = new AbortController();
    void keep(from, id, ended.signal);
    return () => {
      ended.abort();
    };
  });
}

async function keep(from: Source, id: string, signal: AbortSignal): Promise<void> {
  batch(() => {
    if (model.peek()?.run.id !== id) model.value = undefined;
    connection.value = 'connecting';
    failure.value = undefined;
  });
  let waitMs = 500;
  let isKnown = false;
  let takenMs = -Infinity;
  while (!signal.aborted) {
    try {
      if (!isKnown) {
        await pause(takenMs + SNAPSHOT_MS - performance.now(), signal);
        await takeSnapshot(from, id, signal);
        takenMs = performance.now();
      }
      isKnown = true;
      if (signal.aborted) return;
      if (model.peek()?.run.state !== 'live' || from.isFile) break;
      isKnown = await followOnce(from, id, signal);
      waitMs = 500;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof SourceError && error.code !== 'lost' && error.code !== 'busy') {
        failure.value = { code: error.code, message: error.message };
        if (model.peek() === undefined || error.code === 'no_access') return;
      }
      connection.value = 'lost';
      await pause(waitMs, signal);
      waitMs = Math.min(MAX_RETRY_MS, waitMs * 2);
    }
  }
  if (signal.aborted) return;
  connection.value = 'stored';
  await Promise.all([loadReport(true), loadDetails(true)]);
}

async function takeSnapshot(from: Source, id: string, signal: AbortSignal): Promise<void> {
  const snapshot = await from.snapshot(id);
  if (signal.aborted) return;
  batch(() => {
    failure.value = undefined;
    model.value = modelOf(snapshot);
    toldAt.value = performance.now();
    version.value++;
    facts.value++;
  });
}

/** Follows until the tab is hidden or shown, or the run ends. False where the snapshot must be fetched anew. */
async function followOnce(from: Source, id: string, signal: AbortSignal): Promise<boolean> {
  if (document.hidden) return pulse(from, id, signal);
  const slots = typeof navigator.locks === 'undefined' ? [] : SLOTS;
  for (const name of slots) {
    const answer = await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
      lock === null ? undefined : readStream(from, id, signal),
    );
    if (answer !== undefined) return answer;
  }
  connection.value = 'polling';
  const { frames } = await from.frames(id, model.peek()?.seq ?? 0);
  for (const frame of frames) if (!take(frame)) return false;
  await pause(POLL_MS, signal);
  return true;
}

async function readStream(from: Source, id: string, signal: AbortSignal): Promise<boolean> {
  const own = new AbortController();
  const end = (): void => {
    own.abort();
  };
  const onHidden = (): void => {
    if (document.hidden) end();
  };
  signal.addEventListener('abort', end);
  document.addEventListener('visibilitychange', onHidden);
  try {
    const body = await from.stream(id, model.peek()?.seq ?? 0, own.signal);
    connection.value = 'live';
    for await (const frame of framesOf(body)) if (!take(frame)) return false;
    if (own.signal.aborted || model.peek()?.run.state !== 'live') return model.peek()?.run.state === 'live';
    throw new SourceError('lost', 'the stream ended');
  } catch (error) {
    if (own.signal.aborted) return true;
    throw error instanceof SourceError ? error : new SourceError('lost', String(error));
  } finally {
    signal.removeEventListener('abort', end);
    document.removeEventListener('visibilitychange', onHidden);
    end();
  }
}

/** One frame a line; empty lines keep the connection open. */
export async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Frame;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

let factsAsked: ReturnType<typeof setTimeout> | undefined;

/** False where the snapshot must be fetched anew: also at the end, since that of the stored run has all. */
function take(frame: Frame): boolean {
  const run = model.peek();
  if (run === undefined) return false;
  const before = new Set(run.needs.filter(({ isUrgent }) => isUrgent).map((need) => need.id));
  if (!applyFrame(run, frame)) return false;
  batch(() => {
    toldAt.value = performance.now();
    version.value++;
  });
  if (factsAsked === undefined && isTold(frame)) {
    factsAsked = setTimeout(() => {
      factsAsked = undefined;
      facts.value++;
    }, FACTS_MS);
  }
  const added = (frame.needs ?? []).filter(({ isUrgent, id }) => isUrgent && !before.has(id));
  if (added.length > 0) announcement.value = added.map(({ text }) => text).join('. ');
  return frame.end === undefined;
}

function isTold({ totals, tasks, needs, verdict, lanes, strips, losses, end }: Frame): boolean {
  return [totals, tasks, needs, verdict, lanes, strips, losses, end].some((part) => part !== undefined);
}

async function pulse(from: Source, id: string, signal: AbortSignal): Promise<boolean> {
  const run = model.peek();
  const told = await from.pulse(id);
  if (run !== undefined && run.verdict.word !== told.verdict.word) {
    run.verdict = told.verdict;
    facts.value++;
  }
  await pause(PULSE_MS, signal, true);
  return told.state === 'live';
}

/** `isUntilShown`: a tab that comes to the front does not wait. */
function pause(ms: number, signal: AbortSignal, isUntilShown = false): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (isUntilShown) document.addEventListener('visibilitychange', done);
  });
}
