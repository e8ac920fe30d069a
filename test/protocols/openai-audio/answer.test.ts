// What is asked for by a form, and answered by sound, by text or by a count of seconds.
import { expect, test } from '@jest/globals';
import { protocol } from '../../../src/protocols/openai-audio/index.ts';
import { FormScanner } from '../../../src/protocols/read/form-scanner.ts';
import { cutUp } from '../../promises/hard-use/fuzz/mutate.ts';
import { Random, seed } from '../../promises/hard-use/fuzz/random.ts';
import { readCall } from '../call.ts';

const path = '/v1/audio/transcriptions';
const boundary = '----formdata-undici-012345678901';
const part = (disposition: string, value: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: text/plain\r\n\r\n${value}\r\n`;
/** The sound holds what looks like boundaries and fields. */
const sound = `CANARY\r\n\r\n--${boundary.slice(0, -1)}\r\nContent-Disposition: form-data; name="model"\r\n\r\nwrong\r\n`.repeat(20);
const form = Buffer.from(
  part('name="file"; filename="CANARY.mp3"', sound) +
    part('name="model"', 'gpt-4o-transcribe') +
    part('name="prompt"', 'canary grüßt 🐝') +
    part('name="temperature"', '0.5') +
    part('name="stream"', 'true') +
    `--${boundary}--\r\n`,
);

test('a form gives its fields wherever it is cut, and nothing of its files', () => {
  const read = (chunks: readonly Uint8Array[]): object => {
    const scanner = new FormScanner(boundary);
    for (const chunk of chunks) scanner.feed(chunk);
    return scanner.fields;
  };
  const fields = { model: 'gpt-4o-transcribe', prompt: 'canary grüßt 🐝', temperature: 0.5, stream: true };
  expect(read([form])).toEqual(fields);
  expect(read([...form].map((byte) => Uint8Array.of(byte)))).toEqual(fields);
  for (let round = 0; round < 300; round += 1) expect(read(cutUp(form, new Random(seed + round)))).toEqual(fields);
});

test('bytes that are no form, or a form without an end, keep nothing', () => {
  const scanner = new FormScanner(boundary);
  for (let times = 0; times < 100; times += 1) scanner.feed(Buffer.alloc(100_000, `--${boundary}\r\nx`));
  expect(scanner.fields).toEqual({});
  const endless = new FormScanner(boundary);
  endless.feed(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n`));
  for (let times = 0; times < 100; times += 1) endless.feed(Buffer.alloc(100_000, 'x'));
  endless.feed(Buffer.from(`\r\n--${boundary}--`));
  expect(String(endless.fields['prompt'])).toHaveLength(16 * 1024);
});

test('the request of a form is read', () => {
  const { request } = readCall(protocol, {
    path,
    request: form.toString(),
    requestHeaders: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    answer: {},
  });
  expect(request).toMatchObject({ requestModel: 'gpt-4o-transcribe', stream: true, attributes: { 'gen_ai.output.type': 'text' } });
});

test('sound that is answered passes unread, whole or cut off by the program, and is no error', () => {
  const answer = '\u0000'.repeat(100_000);
  const call = {
    path: '/v1/audio/speech',
    request: { model: 'tts-1', input: 'canary' },
    answer,
    headers: { 'content-type': 'audio/mpeg' },
  };
  const { answer: told, unread } = readCall(protocol, call);
  expect([told?.errorType, told?.statusCode, unread]).toEqual([undefined, 200, []]);
});

test('a transcription may be text, and may be billed by the second', () => {
  const text = { path, answer: '1\n00:00:00,000 --> canary', headers: { 'content-type': 'text/plain' } };
  expect(readCall(protocol, text)).toMatchObject({ unread: [], answer: { usage: undefined } });
  const seconds = { path, answer: { text: 'canary', usage: { type: 'duration', seconds: 9 } } };
  expect(readCall(protocol, seconds).answer).toMatchObject({
    attributes: { 'swarmscope.usage.audio.duration': 9 },
    billing: { unpriceable: 'seconds of sound' },
  });
});
