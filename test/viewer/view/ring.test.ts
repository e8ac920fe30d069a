/** Frames are kept once for all who follow: a slow reader costs a number, and one that comes too late begins anew. */
import { Writable } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { FrameRing } from '../../../src/viewer/view/ring.ts';
import { Tabs } from '../../../src/viewer/view/tabs.ts';

const MiB = 1024 ** 2;
const big = (seq: number): object => ({ seq, text: 'x'.repeat(MiB) });

let tabs: Tabs | undefined;
afterEach(() => tabs?.endAll());

/** Takes nothing until it is told to. */
function slowReader(): { to: Writable; lines: () => string[]; take: () => void } {
  let text = '';
  let taken: (() => void) | undefined;
  let isOpen = true;
  const to = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      if (isOpen) done();
      else taken = done;
    },
  });
  return {
    to,
    lines: () => text.split('\n').filter((line) => line !== ''),
    take() {
      isOpen = !isOpen;
      taken?.();
      taken = undefined;
    },
  };
}

test('what comes after a number is given, the last number has nothing after it', () => {
  const ring = new FrameRing();
  for (let frame = 0; frame < 3; frame++) ring.push((seq) => ({ seq }), 0);
  expect(ring.after(1)?.map(String)).toEqual(['{"seq":2}\n', '{"seq":3}\n']);
  expect(ring.after(3)).toEqual([]);
  expect(ring.after(0)).toHaveLength(3);
});

test('a number that was never given, or whose frames have left, has no answer', () => {
  const ring = new FrameRing();
  for (let frame = 0; frame < 6; frame++) ring.push(big, 0);
  expect(ring.after(7)).toBeUndefined();
  expect(ring.after(0)).toBeUndefined();
  expect(ring.after(3)).toHaveLength(3);
});

test('frames leave after half a minute, but for the last one', () => {
  const ring = new FrameRing();
  ring.push((seq) => ({ seq }), 0);
  ring.push((seq) => ({ seq }), 30_001);
  expect(ring.after(0)).toBeUndefined();
  expect(ring.after(1)).toHaveLength(1);
});

test('a reader that has not taken what it was given gets nothing, and then all that it missed', async () => {
  const ring = new FrameRing();
  tabs = new Tabs(ring, () => 'reset\n');
  const reader = slowReader();
  reader.take();
  tabs.add(reader.to, 0);
  for (let frame = 0; frame < 3; frame++) {
    ring.push((seq) => ({ seq }), 0);
    tabs.feedAll();
  }
  expect(reader.lines()).toEqual([]);
  reader.take();
  await new Promise((resolve) => setImmediate(resolve));
  expect(reader.lines()).toEqual(['{"seq":1}', '{"seq":2}', '{"seq":3}']);
});

test('a reader that comes back after its frames have left begins anew, and nothing was queued for it', async () => {
  const ring = new FrameRing();
  tabs = new Tabs(ring, () => 'reset\n');
  const reader = slowReader();
  reader.take();
  tabs.add(reader.to, 0);
  for (let frame = 0; frame < 20; frame++) {
    ring.push(big, 0);
    tabs.feedAll();
  }
  expect(reader.to.writableLength).toBeLessThan(2 * MiB);
  reader.take();
  await new Promise((resolve) => setImmediate(resolve));
  expect(reader.lines().at(-1)).toBe('reset');
  ring.push((seq) => ({ seq }), 0);
  tabs.feedAll();
  await new Promise((resolve) => setImmediate(resolve));
  expect(reader.lines().at(-1)).toBe('{"seq":21}');
});

test('a reader that goes is forgotten', async () => {
  tabs = new Tabs(new FrameRing(), () => 'reset\n');
  const { to } = slowReader();
  tabs.add(to, 0);
  expect(tabs.count).toBe(1);
  to.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  expect(tabs.count).toBe(0);
});
