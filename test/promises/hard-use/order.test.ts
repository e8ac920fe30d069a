/**
 * Channel events in any order, missing, twice, after the end, with hostile objects: a span ends at most once, none
 * stays, nothing reaches the publisher.
 */
import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { runProgram, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { seed } from './fuzz/random.ts';

interface Told {
  readonly thrown: readonly string[];
  readonly held: Readonly<Record<string, number>>;
  readonly observers: Readonly<Record<string, { readonly isOn: boolean; readonly why: string }>>;
  readonly recorded: number;
}

async function storm(isHostile: boolean): Promise<{ told: Told; spanIds: readonly string[] }> {
  const sink = await startSink();
  try {
    const result = await runProgram({
      file: join(import.meta.dirname, 'programs/channel-storm.mjs'),
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        STORM_SEED: String(seed),
        STORM_REQUESTS: '3000',
        STORM_IS_HOSTILE: isHostile ? '1' : '0',
      },
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return { told: JSON.parse(result.stdout) as Told, spanIds: spansOf(sink).map(({ traceId, spanId }) => traceId + spanId) };
  } finally {
    await sink.close();
  }
}

/** The span of the run is open to the end. */
const ROOT = 1;

describe('a storm of channel events', () => {
  test('in any order, with events missing, doubled or late, ends each span once and leaves none open', async () => {
    const { told, spanIds } = await storm(false);
    expect(told.thrown).toEqual([]);
    expect(told.held).toMatchObject({ 'recording.open': ROOT, 'recording.tasks-running': 0, 'recording.tasks-queued': 0 });
    expect(Object.values(told.observers).filter(({ isOn }) => !isOn)).toEqual([]);
    expect(told.recorded).toBeGreaterThan(1_500);
    expect(new Set(spanIds).size).toBe(spanIds.length);
    expect(spanIds).toHaveLength(told.recorded);
  });

  test('with throwing getters, proxies and frozen objects among them, throws nothing into the publisher and leaves none open', async () => {
    const { told, spanIds } = await storm(true);
    expect(told.thrown).toEqual([]);
    expect(told.held).toMatchObject({ 'recording.open': ROOT });
    expect(spanIds.length).toBeGreaterThan(0);
    expect(new Set(spanIds).size).toBe(spanIds.length);
  });
});
