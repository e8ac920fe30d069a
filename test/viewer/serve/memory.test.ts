/** Work is refused while there is still memory to say so. */
import { expect, test } from '@jest/globals';
import { Memory, oldSpaceBytes, type Fullness } from '../../../src/viewer/serve/memory.ts';

const room: Fullness = { heapBytes: 0, maxHeapBytes: 1_000, allBytes: 0, maxAllBytes: Infinity };
const answer = (memory: Memory, bytes: number): number => {
  try {
    memory.assertRoom(bytes);
    return 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
};

test('a request is taken up to ten times its size, and one byte more is too large for ever', () => {
  const memory = new Memory({ read: () => room, collect: () => {} });
  expect(answer(memory, 100)).toBe(200);
  expect(answer(memory, 101)).toBe(413);
});

test('what finds no room now is asked to come again, and bodies outside the heap count as well', () => {
  expect(answer(new Memory({ read: () => ({ ...room, heapBytes: 501 }), collect: () => {} }), 50)).toBe(503);
  expect(answer(new Memory({ read: () => ({ ...room, allBytes: 501, maxAllBytes: 1_000 }), collect: () => {} }), 50)).toBe(503);
});

test('garbage is collected before anything is refused, at most once a second', () => {
  let heapBytes = 900;
  let now = 0;
  let collections = 0;
  const collect = (): void => {
    collections++;
    heapBytes = 100;
  };
  const memory = new Memory({ read: () => ({ ...room, heapBytes }), collect, now: () => now });
  expect(answer(memory, 50)).toBe(200);
  heapBytes = 900;
  expect([answer(memory, 50), collections]).toEqual([503, 1]);
  now = 1_000;
  expect([answer(memory, 50), collections]).toEqual([200, 2]);
});

test.each([
  [4_144, '', 4_096],
  [80, '', 40],
  [448, '--max-old-space-size=256', 256],
  [448, '--max_old_space_size=1024 --enable-source-maps --max-old-space-size 256', 256],
])('of a limit of %d MiB, with the flags "%s", %d MiB can be filled', (limit, flags, expected) => {
  expect(oldSpaceBytes(limit * 1024 ** 2, flags)).toBe(expected * 1024 ** 2);
});
