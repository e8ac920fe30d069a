/** LLM sessions over Node's own `WebSocket` through the whole build: a span for the session, a call for each response. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startModels, type Models } from '../harness/index.ts';
import { bytesOf, observe, totalOf, type Seen } from './programs.ts';

const usage = { input_tokens: 11, output_tokens: 7, total_tokens: 18 };
let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  models.mock.on(
    { userMessage: 'canary-tool', hasToolResult: false },
    { toolCalls: [{ name: 'look_up', arguments: '{"what":"canary"}' }], usage },
  );
  models.mock.onMessage(/[^]*/, { content: 'canary-answer', usage });
});
afterAll(() => models.close());

/** Asks as soon as the socket is open, as programs do. */
const responses = `
const tools = [{ type: 'function', name: 'look_up', parameters: {} }];
const socket = new WebSocket(process.env.MODELS_URL.replace('http', 'ws') + '/v1/responses');
const ask = (input) => socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5', instructions: 'canary-rule', input, tools }));
const question = { role: 'user', content: 'canary-tool' };
socket.onopen = () => ask([question]);
socket.onmessage = ({ data }) => {
  const { type, response } = JSON.parse(data);
  if (type !== 'response.completed') return;
  const call = response.output.find((item) => item.type === 'function_call');
  if (call === undefined) { console.log('answered'); socket.close(1000); return; }
  setTimeout(() => ask([question, call, { type: 'function_call_output', call_id: call.call_id, output: 'canary-result' }]), 20);
};
`;

describe('OpenAI responses over a WebSocket', () => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await observe('with the preload alone', {
      files: { 'program.mjs': responses },
      env: { MODELS_URL: models.url },
      timeoutMs: 60_000,
    });
  }, 300_000);

  test('are answered', () => expect(seen).toMatchObject({ code: 0, stdout: 'answered\n', stderr: '' }));

  test('are a call each, below the span of the session', () => {
    const session = seen.spans.find(({ name }) => name === 'run_session gpt-5');
    expect(session?.attributes).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'network.protocol.name': 'websocket',
      'http.response.status_code': 101,
      'swarmscope.session.ending': 'complete',
      'swarmscope.session.close.code': 1000,
      'swarmscope.session.response.count': 2,
      'swarmscope.session.sent.messages': 2,
    });
    expect(Object.keys(session?.attributes ?? {}).filter((name) => /usage|cost|gen_ai.operation/.test(name))).toEqual([]);
    const calls = seen.spans.filter(({ name }) => name === 'chat gpt-5');
    expect(calls).toHaveLength(2);
    for (const { attributes, parentSpanId } of calls) {
      expect(parentSpanId).toBe(session?.spanId);
      expect(attributes).toMatchObject({
        'gen_ai.usage.input_tokens': 11,
        'gen_ai.usage.output_tokens': 7,
        'gen_ai.response.time_to_first_chunk': expect.any(Number),
        'swarmscope.cost.amount': expect.any(Number),
        'swarmscope.tool.offered.names': ['look_up'],
        'swarmscope.inference.ending': 'complete',
      });
    }
    expect(calls.map(({ attributes }) => attributes['swarmscope.tool.called.names']).filter((names) => names !== undefined)).toEqual([
      ['look_up'],
    ]);
  });

  test('have the tool between the response that asked for it and the one that was told its result', () => {
    expect(seen.spans.filter(({ name }) => name === 'execute_tool look_up')).toHaveLength(1);
  });

  test('are counted once, and the session is not', () => {
    expect(totalOf(seen.points, 'gen_ai.client.inference.usage.input_tokens')).toBe(22);
    expect(totalOf(seen.points, 'gen_ai.client.inference.usage.output_tokens')).toBe(14);
  });

  test('leave no word of their content', () => expect(bytesOf(seen.sink)).not.toContain('canary'));
});

const realtime = `
const socket = new WebSocket(process.env.MODELS_URL.replace('http', 'ws') + '/v1/realtime?model=gpt-realtime');
const send = (message) => socket.send(JSON.stringify(message));
const ask = (item) => { send({ type: 'conversation.item.create', item }); send({ type: 'response.create' }); };
const tools = [{ type: 'function', name: 'look_up', parameters: {} }];
socket.onmessage = ({ data }) => {
  const { type, response } = JSON.parse(data);
  if (type === 'session.created') {
    send({ type: 'session.update', session: { type: 'realtime', instructions: 'canary-rule', tools } });
    ask({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'canary-tool' }] });
  }
  if (type !== 'response.done') return;
  const call = response.output.find((item) => item.type === 'function_call');
  if (call === undefined) { console.log('answered'); socket.close(1000); return; }
  setTimeout(() => ask({ type: 'function_call_output', call_id: call.call_id, output: 'canary-result' }), 20);
};
`;
const live = `
const path = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=canary-key';
const socket = new WebSocket(process.env.MODELS_URL.replace('http', 'ws') + path);
const send = (message) => socket.send(JSON.stringify(message));
socket.onopen = () => send({ setup: { model: 'models/gemini-live-2.5-flash', tools: [{ functionDeclarations: [{ name: 'look_up' }] }] } });
socket.onmessage = async ({ data }) => {
  const { setupComplete, toolCall, serverContent } = JSON.parse(typeof data === 'string' ? data : await data.text());
  if (setupComplete) send({ clientContent: { turns: [{ role: 'user', parts: [{ text: 'canary-tool' }] }], turnComplete: true } });
  if (toolCall) {
    const functionResponses = toolCall.functionCalls.map(({ id, name }) => ({ id, name, response: { found: 'canary-result' } }));
    setTimeout(() => send({ toolResponse: { functionResponses } }), 20);
  }
  if (serverContent?.modelTurn) { console.log('answered'); socket.close(1000); }
};
`;

describe.each([
  { title: 'OpenAI Realtime', text: realtime, session: 'run_session gpt-realtime', call: 'chat gpt-realtime' },
  { title: 'Gemini Live', text: live, session: 'run_session gemini-live-2.5-flash', call: 'generate_content gemini-live-2.5-flash' },
])('$title', ({ text, session, call }) => {
  test('is a session, a call for each response, and the tool between the two, without a word of their content', async () => {
    models.mock.resetMatchCounts();
    const seen = await observe('with the preload alone', { files: { 'program.mjs': text }, env: { MODELS_URL: models.url } });
    expect(seen).toMatchObject({ code: 0, stdout: 'answered\n', stderr: '' });
    const [around] = seen.spans.filter(({ name }) => name === session);
    const calls = seen.spans.filter(({ name }) => name === call);
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([around?.spanId, around?.spanId]);
    expect(new Set(calls.map(({ attributes }) => attributes['swarmscope.session.id']))).toEqual(
      new Set([around?.attributes['swarmscope.session.id']]),
    );
    expect(calls.flatMap(({ attributes }) => attributes['swarmscope.tool.called.names'] ?? [])).toEqual(['look_up']);
    expect(seen.spans.filter(({ name }) => name === 'execute_tool look_up')).toHaveLength(1);
    expect(bytesOf(seen.sink)).not.toContain('canary');
  }, 300_000);
});
