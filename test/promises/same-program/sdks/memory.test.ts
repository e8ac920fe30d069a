/**
 * Memory after 10,000 calls: flat, and above that of the same program without us by no more than our own code and
 * queue.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startProgram, startSink, type Sink } from '../../../harness/index.ts';
import { spansOf } from '../../../harness/received.ts';
import { startScriptedServer, type ScriptedServer } from './server.ts';

const CALLS = 10_000;
/** Our bundles, the prices and the spans' queue; measured: 3.5 MB. */
const MAX_EXTRA_BYTES = 8 * 1024 * 1024;
/** Between the second and the last fifth of the calls; the first warms up. */
const MAX_GROWTH_BYTES = 1.5 * 1024 * 1024;

interface Measured {
  readonly heaps: readonly number[];
  readonly registered: number;
  readonly collected: number;
}

describe.each(['fetch', 'node:http'])('%s', (way) => {
  let sink: Sink;
  const servers: ScriptedServer[] = [];
  let plain: Measured;
  let loaded: Measured;
  beforeAll(async () => {
    sink = await startSink();
    [plain, loaded] = await Promise.all([measure(undefined), measure(sink.url)]);
  }, 10 * 60_000);
  afterAll(async () => {
    await sink.close();
    for (const server of servers) await server.close();
  });

  async function measure(endpoint: string | undefined): Promise<Measured> {
    const scripted = await startScriptedServer({ isKept: false });
    servers.push(scripted);
    const { stdout, stderr } = await startProgram({
      file: join(import.meta.dirname, 'programs/memory.mjs'),
      args: [way, String(CALLS)],
      nodeArgs: ['--expose-gc'],
      preload: endpoint === undefined ? 'none' : 'require',
      env: { SCRIPTED_URL: scripted.url, ...(endpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }) },
      timeoutMs: 240_000,
    }).finished;
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Measured;
  }

  const growth = ({ heaps }: Measured): number => (heaps.at(-1) ?? Infinity) - (heaps[1] ?? 0);

  test('every one of 10,000 calls arrived as a span', () => {
    expect(spansOf(sink).filter(({ name }) => name === 'chat memory')).toHaveLength(CALLS);
  });

  test('the heap does not grow with the calls', () => {
    expect(growth(loaded)).toBeLessThan(Math.max(growth(plain), 0) + MAX_GROWTH_BYTES);
  });

  test('the heap holds our own code and little else', () => {
    expect((loaded.heaps.at(-1) ?? Infinity) - (plain.heaps.at(-1) ?? 0)).toBeLessThan(MAX_EXTRA_BYTES);
  });

  test('answers are collected as soon as the app lets go of them', () => {
    expect(plain.collected).toBeGreaterThan(plain.registered * 0.9);
    expect(loaded.collected).toBeGreaterThan(loaded.registered * 0.9);
  });
});
