/**
 * What looking at the processes of a run costs, as a share of one core: `node bench/scan.ts [seconds] [counts]`. Real processes that only
 * sleep, below one parent, scanned as the thread of the supervisor does it, at its pace. CPU time and not wall time is measured, so that a busy
 * machine says nearly the same as a quiet one.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { linuxProcesses } from '../src/machine/process-table.ts';
import { monotonicMs } from '../src/processes/monotonic.ts';
import { Pace } from '../src/processes/pace.ts';
import { Scanner } from '../src/processes/scanner.ts';
import type { Figure } from './rounds.ts';

const INTERVAL_MS = 50;
/** Until the compiler is done, and until no process is young. */
const WARM_MS = 5_000;

interface Measured {
  readonly share: number;
  readonly scanMs: number;
  readonly intervalMs: number;
  readonly others: number;
}

async function measure(processes: number, seconds: number): Promise<Measured> {
  const machine = linuxProcesses();
  if (machine === undefined) throw new Error('there is no /proc here');
  const run = `bench-${process.pid}-${processes}`;
  const scanner = new Scanner({ table: machine, runId: run, now: monotonicMs, silentAfterMs: 60_000 });
  scanner.scan();
  const others = machine.list().length;
  const text = `for i in $(seq ${processes - 1}); do sleep 3600 & done; echo ready; wait`;
  const program: ChildProcess = spawn('bash', ['--norc', '-c', text], {
    env: { PATH: process.env['PATH'], SWARMSCOPE_RUN_ID: run },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  try {
    await new Promise((resolve) => program.stdout?.once('data', resolve));
    scanner.begin(program.pid ?? 0);
    const pace = new Pace(INTERVAL_MS);
    const costs: number[] = [];
    const intervals: number[] = [];
    let measuredMs = 0;
    for (let passedMs = 0; measuredMs < seconds * 1_000;) {
      const before = process.cpuUsage();
      scanner.scan();
      const { user, system } = process.cpuUsage(before);
      const costMs = (user + system) / 1_000;
      pace.took(costMs);
      // What the thread allows itself is never more than its share: what is measured is the cost at the pace that is asked for.
      if (passedMs >= WARM_MS) {
        costs.push(costMs);
        intervals.push(pace.waitMs);
        measuredMs += INTERVAL_MS;
      }
      passedMs += INTERVAL_MS;
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
    if (scanner.size < processes) throw new Error(`${scanner.size} of ${processes} processes were found`);
    const scanMs = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    return {
      share: scanMs / INTERVAL_MS,
      scanMs,
      intervalMs: intervals.sort((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? NaN,
      others,
    };
  } finally {
    if (program.pid !== undefined) process.kill(-program.pid, 'SIGKILL');
  }
}

/** For `bench/run.ts`. */
export async function measureScan(): Promise<Figure[]> {
  const { share } = await measure(200, 10);
  return [{ name: 'scan of 200 processes, % of a core', value: share * 100 }];
}

if (import.meta.main) {
  const [seconds = '20', counts = '20,200,1000'] = process.argv.slice(2);
  for (const processes of counts.split(',').map(Number)) {
    const { share, scanMs, intervalMs, others } = await measure(processes, Number(seconds));
    const scan = `${scanMs.toFixed(2)} ms CPU a scan, ${(share * 100).toFixed(2)} % of a core every ${INTERVAL_MS} ms`;
    console.log(`${processes} processes beside ${others} others: ${scan}; its pace is ${intervalMs.toFixed(0)} ms`);
  }
}
