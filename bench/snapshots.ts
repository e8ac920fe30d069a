/**
 * What a snapshot costs with 1,000 open tasks: the call in the program, until it is in the file of a run, and to show it.
 * `node bench/snapshots.ts [open tasks]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRow } from '../src/analysis/model.ts';
import { openStore, readRunSnapshots, runPath } from '../src/viewer/index.ts';
import { builtFolder } from './built.ts';

const open = Number(process.argv[2] ?? 1_000);
const TIMES = 30;
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));

function timed(fn: () => void): number {
  const before = performance.now();
  fn();
  return performance.now() - before;
}

function told(what: string, ms: readonly number[]): void {
  const sorted = ms.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  console.log(
    `${what}: median ${median.toFixed(1)} ms, most ${(sorted.at(-1) ?? NaN).toFixed(1)} ms, first ${(ms[0] ?? NaN).toFixed(1)} ms`,
  );
}

/** As one arrives that lists every open task. */
function rowOf(at: number): LogRow {
  const running = Array.from({ length: open }, (_, id) =>
    JSON.stringify({ id: `change-${id}`, type: 'implement', pool: 'workers', seconds: 1.234 }),
  );
  return {
    timeMs: at + 1,
    eventName: 'swarmscope.snapshot',
    body: undefined,
    severity: 9,
    traceId: '0'.repeat(32),
    spanId: '0'.repeat(16),
    attributes: { 'swarmscope.snapshot.name': `s-${at}`, 'swarmscope.snapshot.running': running, 'swarmscope.snapshot.open': '{}' },
    serviceName: 'bench',
  };
}

try {
  console.log(`load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}, ${open} open tasks, ${TIMES} snapshots`);
  const program = join(import.meta.dirname, 'programs', 'snapshots.cjs');
  const args = [
    '--require',
    join(await builtFolder(), 'register.cjs'),
    program,
    join(import.meta.dirname, '..', 'dist'),
    `${open}`,
    `${TIMES}`,
  ];
  const env = { PATH: process.env['PATH'], HOME: folder, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  const taken = JSON.parse(execFileSync(process.execPath, args, { env }).toString()) as { ms: number; cpuMs: number }[];
  told(
    'snapshot() in the program, by the clock',
    taken.map(({ ms }) => ms),
  );
  told(
    'snapshot() in the program, CPU',
    taken.map(({ cpuMs }) => cpuMs),
  );
  const store = openStore(runPath(folder, 'bench'));
  store.startRun({ id: 'bench', name: 'bench', command: 'bench', startMs: 1, endMs: 2, exitCode: 0, signal: undefined });
  const write = Array.from({ length: TIMES }, (_, at) =>
    timed(() => {
      store.addLogs({ logs: [rowOf(at)], openSpans: [], spans: [], losses: {} });
      store.flush();
    }),
  );
  store.close();
  told('written into the file of a run', write);
  const read = Array.from({ length: TIMES }, () => timed(() => void readRunSnapshots(folder, 'bench')));
  told(`read back, all ${TIMES}`, read);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
