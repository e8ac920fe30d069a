/** Tokens that a service does not tell are absent, or estimated where the user asks for it: marked, in no metric, without any content. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bytesOf, observe, totalOf, type Seen } from './programs.ts';

const ANSWER = 'canary '.repeat(40);
/** A stream, a plain answer, one that tells its usage, a refusal. */
const program = `
const ask = async (path, more) => {
  const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'canary-question' }], ...more });
  await (await fetch(process.env.MODELS_URL + path + '/v1/chat/completions', { method: 'POST', body })).text();
};
await ask('/stream', { stream: true });
await ask('/plain');
await ask('/told');
await ask('/refused');
await ask('/plain', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,Y2FuYXJ5' } }] }] });
`;
let server: Server;
beforeAll(async () => {
  server = createServer((asked, answer) => {
    asked.resume().on('end', () => {
      const path = asked.url ?? '';
      if (path.startsWith('/refused')) return answer.writeHead(400).end('{"error":{"message":"canary"}}');
      if (path.startsWith('/stream')) {
        answer.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const content of ANSWER.match(/.{1,20}/g) ?? [])
          answer.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
        return answer.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
      }
      const usage = path.startsWith('/told') ? { prompt_tokens: 11, completion_tokens: 7 } : undefined;
      const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: ANSWER } }];
      return answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ model: 'gpt-5', choices, usage }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

describe.each([
  ['off', ''],
  ['on', 'true'],
])('with SWARMSCOPE_ESTIMATE_TOKENS %s', (state, setting) => {
  let seen: Seen;
  beforeAll(async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { MODELS_URL: url, SWARMSCOPE_ESTIMATE_TOKENS: setting };
    seen = await observe('with the preload alone', { files: { 'program.mjs': program }, env });
  }, 300_000);
  const isOn = state === 'on';

  test('only answers that tell no tokens, to requests of text, have an estimate', () => {
    const calls = seen.spans.filter(({ name }) => name === 'chat gpt-5').toSorted((one, other) => one.startMs - other.startMs);
    const estimates = calls.map(({ attributes }) => [
      attributes['swarmscope.usage.estimated.input_tokens'],
      attributes['swarmscope.usage.estimated.output_tokens'],
    ]);
    const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'canary-question' }] }).length;
    const none = [undefined, undefined];
    expect(estimates).toEqual(
      isOn
        ? [[Math.ceil((body + ',"stream":true'.length) / 4), ANSWER.length / 4], [Math.ceil(body / 4), ANSWER.length / 4], none, none, none]
        : [none, none, none, none, none],
    );
    const costs = calls.map(({ attributes }) => typeof attributes['swarmscope.cost.estimated']);
    expect(costs.filter((type) => type === 'number')).toHaveLength(isOn ? 2 : 0);
  });

  test('what is estimated is no usage, no cost and in no metric, and no word of content leaves', () => {
    const told = seen.spans.filter(
      ({ attributes }) => 'gen_ai.usage.output_tokens' in attributes || 'swarmscope.cost.amount' in attributes,
    );
    expect(told).toHaveLength(1);
    expect(totalOf(seen.points, 'gen_ai.client.inference.usage.input_tokens')).toBe(11);
    expect(totalOf(seen.points, 'gen_ai.client.inference.usage.output_tokens')).toBe(7);
    expect(totalOf(seen.points, 'swarmscope.inference.cost')).toBeCloseTo(Number(told[0]?.attributes['swarmscope.cost.amount']), 12);
    expect(bytesOf(seen.sink)).not.toContain('canary');
  });
});
