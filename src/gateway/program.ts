/**
 * The process of the gateway. It takes a socket that is bound already, so that another one can take its place, and goes on
 * when the process that records is gone: calls are then handed through unread, until no process of the run lives.
 */
import { startedWith } from '../config/started-with.ts';
import { Calls } from './calls.ts';
import { LISTENING_DESCRIPTOR } from './descriptor.ts';
import { createMeetings } from './meetings.ts';
import type { Order, Told } from './messages.ts';
import { probe } from './probe.ts';
import { ReadingQueue } from './reading-queue.ts';
import { createProxy, type Proxy } from './server.ts';
import { livesAny } from './stay.ts';
import { createTrust } from './trust.ts';
import { originOf, type Upstream } from './upstream.ts';

type Begin = Extract<Order, { type: 'begin' }>;

/** Time between two looks whether a process of the run lives, once nobody records any more. */
const LOOK_MS = 500;
/** Where processes cannot be listed: time without a connection after which nobody is expected. */
const QUIET_MS = 600_000;

let calls: Calls | undefined;
let proxy: Proxy | undefined;
let runId = '';

const reading = new ReadingQueue();
const meetings = createMeetings();
let untold: Told[] = [];

/** What is told within one turn goes as one message, when the bytes of the turn are handed on. */
function tell(told: Told): void {
  if (untold.push(told) > 1) return;
  setImmediate(() => {
    const all = untold;
    untold = [];
    if (process.connected) process.send?.(all, () => undefined);
  });
}

// Whatever fails, the calls of the programs go on.
process.on('uncaughtException', () => tell({ type: 'count', name: 'fault', times: 1 }));
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGPIPE'] as const) process.on(signal, () => undefined);
process.on('message', (order: Order) => {
  if (order.type === 'begin') void begin(order);
  else if (order.type === 'met') meetings.met(order.clientPort);
  else if (order.type === 'leave') end();
  else void settle(order.timeoutMs);
});
process.on('disconnect', outlive);

async function begin(order: Begin): Promise<void> {
  runId = order.runId;
  calls = new Calls({
    isContentCaptured: order.isContentCaptured,
    hashKey: order.hashKey === undefined ? undefined : Buffer.from(order.hashKey, 'hex'),
    llmServices: order.llmServices,
    tell,
    clock: reading.clock,
  });
  const trust = once(() => createTrust(startedWith));
  const reader = calls;
  const made = createProxy({
    upstreams: order.upstreams,
    word: order.word,
    environment: startedWith,
    trust,
    reading,
    // Nobody would be told.
    witness: (asked) => (process.connected ? reader.witness(asked) : undefined),
    onClient: (socket, client) => {
      meetings.meet(socket, client);
      tell({ type: 'client', client });
    },
  });
  proxy = made;
  made.server.once('error', (error: NodeJS.ErrnoException) => {
    tell({ type: 'failed', why: error.code ?? error.message });
    setImmediate(() => process.disconnect());
  });
  await new Promise<void>((resolve) => made.server.listen({ fd: LISTENING_DESCRIPTOR }, resolve));
  // Before anybody's time is taken: it holds the event loop for as long as some hundred certificates take.
  if (order.isProbing && order.upstreams.some(({ isSecure }) => isSecure)) trust();
  tell({ type: 'ready', unreachable: order.isProbing ? await askAll(order.upstreams, made) : {} });
}

async function askAll(upstreams: readonly Upstream[], made: Proxy): Promise<Record<string, string>> {
  const byOrigin = new Map(upstreams.map((upstream) => [originOf(upstream), upstream]));
  const found = await Promise.all(
    [...byOrigin].map(async ([origin, each]) => [origin, await probe(each, made.connectorFor(each))] as const),
  );
  return Object.fromEntries(found.filter((each): each is [string, string] => each[1] !== undefined));
}

/** Tells when nothing is under way any more: the connections of a program that has ended close within a moment. */
async function settle(timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  do await new Promise((resolve) => setTimeout(resolve, 10));
  while (((calls?.open ?? 0) > 0 || !reading.isEmpty) && performance.now() < deadline);
  tell({ type: 'settled' });
}

function outlive(): void {
  meetings.end();
  let quietSince = performance.now();
  setInterval(() => {
    if (proxy === undefined || proxy.clients() > 0) {
      if (proxy === undefined) return end();
      quietSince = performance.now();
      return;
    }
    const isAnyAlive = livesAny(runId);
    if (isAnyAlive === false || (isAnyAlive === undefined && performance.now() - quietSince > QUIET_MS)) end();
  }, LOOK_MS);
}

function end(): void {
  // eslint-disable-next-line no-restricted-properties -- a process of our own
  process.exit(0);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
