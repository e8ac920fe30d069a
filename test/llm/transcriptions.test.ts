/** Sessions of OpenAI Realtime that write down what is said: a call for each piece of sound, by the model that writes it down. */
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { certificateFile } from '../clients/server.ts';
import { bytesOf, observe, totalOf, type Seen } from '../e2e/programs.ts';
import { installLlmSdks } from './install.ts';
import { programsFolder } from './run-row.ts';

const transcription = { model: 'gpt-4o-transcribe' };
/** In the words of GA and of the beta, as the service tells of its session first. */
const FORMS = [
  ['ga', 'session.created', { id: 'sess_1', type: 'transcription', audio: { input: { transcription } } }],
  ['beta', 'transcription_session.created', { id: 'sess_1', input_audio_transcription: transcription }],
] as const;
const T = 'conversation.item.input_audio_transcription.';
const counted = { type: 'tokens', input_tokens: 14, output_tokens: 45, total_tokens: 59, input_token_details: { audio_tokens: 14 } };
/** Two pieces of sound at once, whose transcripts come in the other order; one that fails, and one that is counted in seconds. */
const EVENTS = [
  ...['1', '2', '3', '4'].map((id) => ({ type: 'input_audio_buffer.committed', item_id: `item_${id}` })),
  { type: `${T}delta`, item_id: 'item_2', delta: 'canary' },
  { type: `${T}completed`, item_id: 'item_2', transcript: 'canary two', usage: counted },
  { type: `${T}delta`, item_id: 'item_1', delta: 'canary' },
  { type: `${T}completed`, item_id: 'item_1', transcript: 'canary one', usage: counted },
  { type: `${T}failed`, item_id: 'item_3', error: { type: 'transcription_error', code: 'audio_unintelligible', message: 'canary' } },
  { type: `${T}completed`, item_id: 'item_4', transcript: 'canary four', usage: { type: 'duration', seconds: 1.5 } },
];

interface Socket {
  send(data: string): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
}
let url = '';
let close = (): void => undefined;
beforeAll(async () => {
  const { WebSocketServer } = createRequire(join(installLlmSdks(), 'x.cjs'))('ws') as {
    WebSocketServer: new (options: object) => { on(event: 'connection', listener: (socket: Socket, asked: { url: string }) => void): void };
  };
  const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(join(certificateFile, '../key.pem')) });
  new WebSocketServer({ server }).on('connection', (socket, asked) => {
    const [, type, session] = FORMS.find(([form]) => asked.url.includes(`/${form}/`)) ?? FORMS[0];
    socket.send(JSON.stringify({ type, session }));
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString()) as { type: string };
      if (message.type !== 'input_audio_buffer.commit') return;
      // One after the other, in turns of their own.
      let at = 0;
      const next = (): void => {
        const event = EVENTS[at];
        at += 1;
        if (event === undefined) return;
        socket.send(JSON.stringify(event));
        setTimeout(next, 5);
      };
      next();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => server.close();
});
afterAll(() => close());

describe.each(FORMS.map(([form]) => form))('a session that writes down, in the words of %s', (form) => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await observe('with the preload alone', {
      file: join(programsFolder(), 'transcriptions.mjs'),
      args: [`${url}/${form}/v1`],
      env: { NODE_EXTRA_CA_CERTS: certificateFile },
    });
  }, 300_000);

  test('has a call for each piece of sound, with its tokens, its seconds or its failure', () => {
    expect(seen).toMatchObject({ code: 0, stdout: 'written down\n', stderr: '' });
    const [session] = seen.spans.filter(({ name }) => name === 'run_session gpt-4o-transcribe');
    const calls = seen.spans.filter(({ name }) => name === 'generate_content gpt-4o-transcribe');
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual(Array.from({ length: 4 }, () => session?.spanId));
    const tokens = { 'gen_ai.usage.input_tokens': 14, 'gen_ai.usage.output_tokens': 45, 'swarmscope.inference.ending': 'complete' };
    const facts = calls.toSorted((one, other) => (one.endMs ?? 0) - (other.endMs ?? 0)).map(({ attributes }) => attributes);
    expect(facts).toMatchObject([
      { ...tokens, 'gen_ai.response.time_to_first_chunk': expect.any(Number) },
      { ...tokens, 'swarmscope.cost.amount': expect.any(Number) },
      { 'swarmscope.inference.ending': 'error', 'error.type': 'audio_unintelligible' },
      { 'swarmscope.inference.ending': 'complete', 'swarmscope.usage.audio.duration': 1.5 },
    ]);
    expect(facts[3]).not.toHaveProperty('swarmscope.cost.amount');
    expect(session?.attributes).toMatchObject({ 'swarmscope.session.id': 'sess_1', 'swarmscope.session.response.count': 4 });
  });

  test('counts them once, and leaves no word of what was said', () => {
    expect(totalOf(seen.points, 'gen_ai.client.inference.usage.output_tokens')).toBe(90);
    expect(bytesOf(seen.sink)).not.toContain('canary');
  });
});
