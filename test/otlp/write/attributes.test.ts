/** What the cache of encoded attributes holds, however long the names and values are that a program has. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { writeAttributes } from '../../../src/otlp/write/attributes.ts';
import { WireWriter } from '../../../src/otlp/write/wire-writer.ts';

const MIB = 1024 * 1024;

function heldAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

function write(attributes: Readonly<Record<string, unknown>>): void {
  const writer = new WireWriter();
  writeAttributes(writer, 1, attributes);
  writer.commit();
  writer.takeChunks();
}

/** The engine frees buffers beside the program, some time after it has found that nobody holds them. */
async function heldInTheEnd(isEnough: (bytes: number) => boolean): Promise<number> {
  let held = heldAfterCollection();
  for (let look = 0; look < 50 && !isEnough(held); look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    held = heldAfterCollection();
  }
  return held;
}

test('long names, and short pieces of long texts, are not held', async () => {
  const before = heldAfterCollection();
  for (let index = 0; index < 300; index += 1) {
    write({ [`name-${index}-`.padEnd(MIB, 'x')]: 'value' });
    const text = `piece ${index} of a long text `.padEnd(MIB, 'y');
    write({ [text.slice(0, 40)]: text.slice(0, 50) });
  }
  expect(await heldInTheEnd((bytes) => bytes - before < 100 * MIB)).toBeLessThan(before + 100 * MIB);
});
