/**
 * A burst of spans through our export and through the stock BatchSpanProcessor with OTLP/HTTP, in alternating rounds of
 * one run.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const count = Number(process.argv[2] ?? 200_000);
const rounds = Number(process.argv[3] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
const contender = join(folder, 'contender.mjs');
await build({
  entryPoints: [join(import.meta.dirname, 'export-contender.ts')],
  outfile: contender,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  mainFields: ['module', 'main'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'error',
});

let received = 0;
/** Both contenders name every span alike; the name occurs once per span in either encoding. */
const MARK = Buffer.from('chat gpt-5-mini');
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    if (request.url === '/v1/traces') for (let at = body.indexOf(MARK); at >= 0; at = body.indexOf(MARK, at + 1)) received++;
    response.setHeader('content-type', String(request.headers['content-type']));
    response.end(request.headers['content-type'] === 'application/json' ? '{}' : undefined);
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

interface Result {
  name: string;
  recordedMs: number;
  wallMs: number;
  cpuMs: number;
  peakRssMb: number;
  lostPercent: number;
  cpuPerDeliveredUs: number;
  spansPerSecond: number;
}

const results: Result[] = [];
for (let round = 0; round < rounds; round++) {
  for (const name of round % 2 === 0 ? ['ours', 'stock'] : ['stock', 'ours']) {
    received = 0;
    const { stdout } = await promisify(execFile)(process.execPath, [contender, name, String(count), url], {
      env: { XDG_STATE_HOME: folder },
    });
    const measured = JSON.parse(stdout) as Result;
    const delivered = received;
    results.push({
      ...measured,
      lostPercent: 100 * (1 - delivered / count),
      cpuPerDeliveredUs: (1000 * measured.cpuMs) / delivered,
      spansPerSecond: (1000 * count) / measured.recordedMs,
    });
  }
}
server.close();

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const of = (name: string, key: Exclude<keyof Result, 'name'>): number =>
  median(results.filter((result) => result.name === name).map((result) => result[key]));
const keys = ['lostPercent', 'spansPerSecond', 'cpuPerDeliveredUs', 'peakRssMb', 'recordedMs', 'wallMs'] as const;
console.table(
  Object.fromEntries(
    keys.map((key) => [key, { ours: of('ours', key), stock: of('stock', key), ratio: of('ours', key) / of('stock', key) }]),
  ),
);
