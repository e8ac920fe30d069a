/** The thread that scans the process table: a busy receiver must not make it miss a process, nor a scan delay a request. */
import { parentPort, workerData } from 'node:worker_threads';
import { linuxProcesses } from '../machine/process-table.ts';
import { isConnected } from '../machine/sockets.ts';
import type { ProcessChange } from './changes.ts';
import { monotonicMs } from './monotonic.ts';
import { cpuMs, Pace } from './pace.ts';
import type { Order, ScanData, ScanReport } from './protocol.ts';
import { Scanner } from './scanner.ts';

function scanFor({ runId, intervalMs, silentAfterMs }: ScanData, port: NonNullable<typeof parentPort>): void {
  const table = linuxProcesses();
  if (table === undefined) return port.close();
  const scanner = new Scanner({ table, runId, now: monotonicMs, silentAfterMs, isConnected });
  const pace = new Pace(intervalMs);
  let timer: NodeJS.Timeout | undefined;
  let thinnedMs: number | undefined;
  let beyond = 0;
  const scan = (before: readonly ProcessChange[], looks: readonly number[], isLast: boolean): void => {
    clearTimeout(timer);
    const startedMs = cpuMs();
    const changes = [...before, ...scanner.scan()];
    pace.took(cpuMs() - startedMs);
    const isNews = thinnedMs !== pace.thinnedMs || beyond !== scanner.beyond;
    thinnedMs = pace.thinnedMs;
    beyond = scanner.beyond;
    const report: ScanReport = { changes, looks, thinnedMs, beyond, isLast };
    if (changes.length > 0 || looks.length > 0 || isNews || isLast) port.postMessage(report);
    if (isLast) port.close();
    else timer = setTimeout(() => scan([], [], false), pace.waitMs);
  };
  port.on('message', (order: Order) => {
    if ('begin' in order) scan(scanner.begin(order.begin), [], false);
    else if ('look' in order) scan([], [order.look], false);
    else scan([], [], true);
  });
  // Also the sign that it is ready.
  scan([], [0], false);
}

if (parentPort !== null) scanFor(workerData as ScanData, parentPort);
