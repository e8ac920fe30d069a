/**
 * What an event costs: told by the API, taken by the store of a run, found among a million; and what a budget costs each LLM call.
 * `node bench/events.ts [events in the store]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BudgetBook } from '../src/recording/budgets/index.ts';
import { openStore, readRunEvents, runPath } from '../src/viewer/index.ts';
import { builtFolder } from './built.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const BATCH = 5_000;
const AGENTS = 1_000;
const CALLS = 200_000;
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));

const cpuOf = (fn: () => void): number => {
  const before = process.cpuUsage();
  fn();
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

function budgets(): void {
  const book = new BudgetBook({ count: () => undefined, onNotice: () => undefined, inherited: [], now: () => Date.now() });
  book.connect({ isRoot: true, tell: () => false, hasAny: () => true, news: () => [] }, () => undefined);
  book.declare({ name: 'run', tokens: 1e12, usd: 1e9 });
  for (let at = 0; at < 20; at++) book.declare({ name: `agent ${at}`, parent: 'run', agent: `agent-${at}`, tokens: 1e12 });
  const call = {
    spent: { tokens: 100, usd: 0.01, seconds: 1 },
    agents: ['agent-7'],
    tasks: ['t-1', 'implement'],
    traceId: 't',
    spanId: 's',
  };
  const us = cpuOf(() => {
    for (let at = 0; at < CALLS; at++) book.charge(call);
  });
  console.log(`a charge to a budget and its parent, of 21: ${(us / CALLS).toFixed(2)} us CPU`);
}

function stored(): void {
  const store = openStore(runPath(folder, 'bench'));
  store.startRun({ id: 'bench', name: 'bench', command: 'bench', startMs: 1, endMs: 2, exitCode: 0, signal: undefined });
  let at = 0;
  const startMs = performance.now();
  const us = cpuOf(() => {
    while (at < count) {
      const logs = Array.from({ length: BATCH }, () => ({
        ...{
          timeMs: at++,
          eventName: 'swarmscope.agent.handoff',
          body: undefined,
          severity: 9,
          traceId: '0'.repeat(32),
          spanId: '0'.repeat(16),
        },
        attributes: {
          'gen_ai.agent.name': `agent-${at % AGENTS}`,
          'swarmscope.task.id': `task-${at % 50_000}`,
          'swarmscope.event.reason': 'ready',
        },
        serviceName: 'bench',
      }));
      store.addLogs({ logs, openSpans: [], spans: [], losses: {} });
      store.flush();
    }
  });
  const seconds = (performance.now() - startMs) / 1_000;
  console.log(
    `${count} events into the store: ${(count / seconds).toFixed(0)} a second, ${((count * 1e6) / us).toFixed(0)} a second of CPU`,
  );
  store.close();
  for (const filter of [{ agent: 'agent-7' }, { task: 'task-7' }, { agent: 'agent-7', kind: 'agent.handoff', sinceMs: count / 2 }]) {
    readRunEvents(folder, 'bench', filter);
    const times = Array.from({ length: 15 }, () => {
      const before = performance.now();
      readRunEvents(folder, 'bench', filter);
      return performance.now() - before;
    }).sort((one, other) => one - other);
    const { events } = readRunEvents(folder, 'bench', filter);
    console.log(`${JSON.stringify(filter)}: ${events.length} events, median ${times[7]?.toFixed(1)} ms, opening the file included`);
  }
}

try {
  console.log(`load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}`);
  const dist = join(import.meta.dirname, '..', 'dist');
  const built = await builtFolder();
  const program = join(import.meta.dirname, 'programs', 'teller.cjs');
  const text = execFileSync(process.execPath, ['--require', join(built, 'register.cjs'), program, dist, '20000'], {
    env: { PATH: process.env['PATH'], HOME: folder, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
  });
  const { event, allocation } = JSON.parse(text.toString()) as { event: number; allocation: number };
  console.log(`emit: ${event.toFixed(1)} us CPU; allocate and release: ${allocation.toFixed(1)} us CPU`);
  budgets();
  stored();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
