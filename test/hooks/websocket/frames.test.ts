// Frames of a WebSocket, cut anywhere: every message is either settled by its bytes, or asked about, and read if it is wanted.
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { FrameReader } from '../../../src/hooks/websocket/frames.ts';
import { fuzz, type Random } from '../../promises/hard-use/fuzz/random.ts';

const FIN = 0x80;
const TEXT = 1;
const PING = 9;
const LENGTHS = [0, 1, 20, 125, 126, 127, 511, 512, 513, 65_535, 65_536];

/** One frame (RFC 6455, section 5.2). */
function frame(payload: Buffer, { first = FIN | TEXT, isMasked = false } = {}): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = (isMasked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!isMasked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0))]);
}

function framesOf(message: Buffer, random: Random): Buffer[] {
  const isMasked = random.chance(0.2);
  if (random.chance(0.8)) return [frame(message, { isMasked })];
  const middle = random.below(message.length + 1);
  return [
    frame(message.subarray(0, middle), { first: TEXT, isMasked }),
    ...(random.chance(0.5) ? [frame(Buffer.from('ping'), { first: FIN | PING })] : []),
    frame(message.subarray(middle), { first: FIN, isMasked }),
  ];
}

const latin1 = (bytes: DataView): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

test('however frames are cut, each message is heard once, whole and in its order', () =>
  fuzz(60, (random) => {
    const messages = Array.from({ length: 1 + random.below(12) }, () =>
      Buffer.from(`${random.pick(['settled', 'wanted', 'other'])} `.padEnd(random.pick(LENGTHS), 'abc')),
    );
    const bytes = Buffer.concat(messages.flatMap((message) => framesOf(message, random)));
    const heard: string[] = [];
    let asked = 0;
    const reader = new FrameReader(
      {
        settles(view) {
          const text = latin1(view);
          if (!text.startsWith('settled')) return false;
          heard.push(text);
          return true;
        },
        begins(start, isWhole) {
          asked += 1;
          if (start.startsWith('wanted')) return true;
          if (isWhole || start.length === 512) heard.push(start);
          return false;
        },
        message: (message) => void heard.push(message.toString('latin1')),
        closing: () => undefined,
        unread: (what) => void heard.push(what),
      },
      undefined,
    );
    for (let at = 0; at < bytes.length;) {
      const end = random.chance(0.2) ? bytes.length : at + 1 + random.below(random.chance(0.5) ? 8 : 3_000);
      reader.feed(bytes.subarray(at, end));
      at = end;
    }
    const told = (message: Buffer): string => message.toString('latin1');
    expect(reader.messages).toBe(messages.length);
    expect(reader.payloadBytes).toBe(messages.reduce((sum, { length }) => sum + length, 0));
    expect(heard).toHaveLength(messages.length);
    // What nobody wants is known by its first bytes alone.
    expect(heard.map((text) => text.slice(0, 512))).toEqual(messages.map((message) => told(message).slice(0, 512)));
    const wanted = (text: string): boolean => text.startsWith('wanted');
    expect(heard.filter(wanted)).toEqual(messages.map(told).filter(wanted));
    expect(asked).toBeGreaterThanOrEqual(messages.map(told).filter((text) => !text.startsWith('settled')).length);
  }));

test('a frame that comes whole is settled without becoming text', () => {
  const reader = new FrameReader(
    {
      settles: () => true,
      begins() {
        throw new Error('asked');
      },
      message: () => undefined,
      closing: () => undefined,
      unread: () => undefined,
    },
    undefined,
  );
  reader.feed(Buffer.concat([frame(Buffer.from('{"type":"a"}')), frame(Buffer.alloc(400, 'b'))]));
  expect([reader.messages, reader.payloadBytes]).toEqual([2, 412]);
});
