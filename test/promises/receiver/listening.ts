// Starts a receiver for a test, gives what it accepted, and checks that it still answers.
import { afterEach, beforeEach, expect } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { startReceiver, type Receiver } from '../../../src/viewer/receive/receiver.ts';
import { post, traceBytes } from '../../viewer/receive/signals.ts';

export const MiB = 1024 * 1024;
export const good = traceBytes('protobuf');

export interface Listening {
  receiver: Receiver;
  spans: SpanRow[];
  losses: Record<string, number>;
}

/** Filled anew before each test of the file that calls this. */
export function listen(): Listening {
  const here: Partial<Listening> = {};
  beforeEach(async () => {
    const spans: SpanRow[] = [];
    const losses: Record<string, number> = {};
    const keep = (rows: { losses: Record<string, number> }): undefined => {
      for (const [what, count] of Object.entries(rows.losses)) losses[what] = (losses[what] ?? 0) + count;
    };
    const receiver = await startReceiver({
      onTraces(rows) {
        spans.push(...rows.spans);
        keep(rows);
      },
      onMetrics: keep,
      onLogs: keep,
      settings: { captureContent: 'off', pricesFile: '' },
    });
    Object.assign(here, { receiver, spans, losses });
  });
  afterEach(() => here.receiver?.close(50));
  return here as Listening;
}

/** The proof after each misdeed: the process is alive and takes good data. */
export async function expectAlive({ receiver, spans }: Listening): Promise<void> {
  const before = spans.length;
  expect((await post(`${receiver.url}/v1/traces`, { body: good })).status).toBe(200);
  expect(spans).toHaveLength(before + 1);
}
