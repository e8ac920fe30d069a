/** Damaged output of a driver's tool: nothing throws, a cut anywhere changes nothing, no number is a lie. */
import { afterAll, test } from '@jest/globals';
import { documentReader, parseNvidia } from '../../../src/machine/gpu/nvidia-xml.ts';
import type { GpuReading } from '../../../src/machine/gpu/reading.ts';
import { plain } from '../../machine/gpu/captures.ts';
import { cutUp, damage, expectEqual, expectSane } from './fuzz/mutate.ts';
import { fuzz, seed } from './fuzz/random.ts';

afterAll(() => void process.stdout.write(`fuzz seed ${seed}\n`));

test('damaged nvidia-smi output gives readings with true numbers, however it is cut', () => {
  const good = plain([
    { id: 'GPU-1b2c', usedMib: 1_024, processes: [{ pid: 7, mib: 5 }] },
    { id: 'GPU-9', usedMib: '[N/A]' },
  ]);
  const read = (pieces: readonly Buffer[]): unknown => {
    const readings: GpuReading[] = [];
    let bad = 0;
    const feed = documentReader(
      (document) => readings.push(...(parseNvidia(document, new Map())?.gpus ?? [])),
      () => (bad += 1),
    );
    for (const piece of pieces) feed(piece.toString('latin1'));
    return { readings, bad };
  };
  fuzz(200, (random) => {
    const text = Buffer.from(
      good.repeat(1 + random.below(3)).replace('1024 MiB', random.pick(['1024', '9'.repeat(400), '-3', '1e9', 'x'.repeat(9_000)])),
    );
    const bytes = damage(text, random);
    const whole = read([bytes]);
    expectSane(whole);
    expectEqual(read(cutUp(bytes, random)), whole);
  });
});
