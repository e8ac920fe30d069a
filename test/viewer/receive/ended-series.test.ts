/** A point which says that its series has ended has no value, and is no loss. */
import { expect, test } from '@jest/globals';
import { jsonMetric } from '../../../src/otlp/write/json.ts';
import { jsonRequest, protobufRequest } from '../../../src/otlp/write/envelope.ts';
import { writeMetric } from '../../../src/otlp/write/metrics.ts';
import { WireWriter } from '../../../src/otlp/write/wire-writer.ts';
import type { SnapshotMetric } from '../../../src/semconv/telemetry.ts';
import { readMetrics } from '../../../src/viewer/receive/rows/index.ts';

const ended: SnapshotMetric = {
  name: 'swarmscope.queue.size',
  unit: '{task}',
  description: '',
  isInt: true,
  kind: 'updowncounter',
  points: [
    { attributes: { a: 'x' }, value: 3 },
    { attributes: { a: 'y' }, value: 0, isGone: true },
  ],
};
const window = { startTime: Date.now() - 1_000, time: Date.now() };
const scope = { name: 'swarmscope', version: '0' };

test.each(['protobuf', 'json'] as const)('in %s', (encoding) => {
  const writer = new WireWriter();
  if (encoding === 'json') writer.raw(Buffer.from(`,${jsonMetric(ended, window)}`));
  else writeMetric(writer, ended, window);
  writer.commit();
  const runs = [{ scope, chunks: writer.takeChunks() }];
  const body = encoding === 'json' ? jsonRequest('metrics', {}, runs) : protobufRequest({}, runs);
  const { points, losses } = readMetrics(body, encoding);
  expect(points.map(({ attributes, value }) => [attributes, value])).toEqual([[{ a: 'x' }, 3]]);
  expect(losses).toEqual({});
});
