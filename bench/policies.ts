/**
 * How soon a change of policies is in force in each process of a run: from the moment at which the config file is renamed into place to
 * the moment at which the process acts by it. `node bench/policies.ts [processes] [changes]`
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { freemem, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { builtFolder } from './built.ts';

const processes = Number(process.argv[2] ?? 200);
const changes = Number(process.argv[3] ?? 20);
const PAUSE_MS = 500;
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
const config = join(folder, 'swarmscope.config.json');
const dist = await builtFolder();

/** Beside the file, and renamed into its place; the time of the renaming. */
function save(sampling: number): number {
  writeFileSync(`${config}.new`, JSON.stringify({ policies: { sampling } }));
  const at = Date.now();
  renameSync(`${config}.new`, config);
  return at;
}

save(1);
const root = spawn(
  process.execPath,
  ['--require', join(dist, 'register.cjs'), join(import.meta.dirname, 'programs/follows-policies.cjs')],
  {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: folder, PROCESSES: String(processes), API: join(dist, 'index.cjs') },
      // Named, so that members are armed; nothing is sent there.
      ...{
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        SWARMSCOPE_HOST_METRICS: 'false',
      },
    },
  },
);

let told: string[] = [];
let wake = (): void => undefined;
createInterface({ input: root.stdout }).on('line', (line) => {
  told.push(line);
  wake();
});
/** As many lines as there are processes below the root. */
const all = async (): Promise<string[]> => {
  while (told.length < processes) await new Promise<void>((resolve) => (wake = resolve));
  const lines = told;
  told = [];
  return lines;
};
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

try {
  await all();
  await pause();
  const loads = [loadavg()[0]];
  const times: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const at = save((change % 9) / 10);
    for (const line of await all()) times.push(Number(line.split(' ')[1]) - at);
    await pause();
  }
  loads.push(loadavg()[0]);
  times.sort((one, other) => one - other);
  const of = (share: number): string => `${times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN} ms`;
  console.log(
    `load ${loads.map((load) => load?.toFixed(1)).join(' to ')}, Node ${process.versions.node}, ${Math.round(freemem() / 2 ** 30)} GiB free`,
  );
  console.log(`${changes} changes in ${processes} processes: median ${of(0.5)}, p99 ${of(0.99)}, longest ${of(1)}`);
} finally {
  root.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}
