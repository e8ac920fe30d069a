/** OpenAI responses that go on in the background, and those that continue a stored one. */
import { expect, test } from '@jest/globals';
import { startCalls } from './calls.ts';

const url = 'https://api.openai.com/v1/responses';
const usage = { input_tokens: 100, output_tokens: 20, total_tokens: 120 };
const response = (id: string, status: string, more: object = {}): object => ({
  id,
  object: 'response',
  status,
  model: 'gpt-5',
  output: [],
  ...more,
});
const toolCall = (callId: string): object => ({ type: 'function_call', id: 'fc', call_id: callId, name: 'look_up', arguments: '{}' });
const milliseconds = ([seconds, nanoseconds]: [number, number]): number => Math.round(seconds * 1_000 + nanoseconds / 1e6);

test('a response in the background is one call, as long as the model worked, and its usage is counted once', async () => {
  const { advance, call, spans, metric, recorder } = startCalls();
  const task = recorder.startTask({ type: 'ask' }, 'ask');
  call({ asked: { model: 'gpt-5', input: 'hi', background: true }, answered: response('resp_1', 'queued'), by: task });
  advance(1_000);
  const fetch = (status: string, more?: object): void =>
    void call({ method: 'GET', url: `${url}/resp_1`, answered: response('resp_1', status, more), by: task });
  fetch('in_progress');
  expect(spans().map(({ name }) => name)).toEqual(['fetch_response']);
  advance(1_000);
  for (let times = 0; times < 2; times += 1) fetch('completed', { usage, output: [toolCall('call_1')] });
  const [polled, ...others] = spans();
  expect(polled?.attributes).toMatchObject({ 'gen_ai.operation.name': 'fetch_response', 'gen_ai.response.status': 'in_progress' });
  const chat = others.find(({ name }) => name === 'chat gpt-5');
  expect(others.map(({ name }) => name).sort()).toEqual(['chat gpt-5', 'fetch_response', 'fetch_response']);
  expect(milliseconds(chat?.duration as [number, number])).toBe(2_030);
  expect(chat?.attributes).toMatchObject({
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 20,
    'gen_ai.response.finish_reasons': ['tool_call'],
    'swarmscope.tool.called.names': ['look_up'],
    'swarmscope.cost.amount': 0.1,
  });
  for (const span of spans().filter(({ name }) => name === 'fetch_response')) {
    expect(span.attributes).toMatchObject({ 'gen_ai.response.id': 'resp_1', 'gen_ai.response.model': 'gpt-5' });
    expect(Object.keys(span.attributes).filter((name) => /usage|cost|tool|finish/.test(name))).toEqual([]);
  }
  expect(await metric('gen_ai.client.inference.usage.input_tokens')).toBe(100);
  expect(await metric('gen_ai.client.inference.duration')).toBe(1);
  expect(await metric('gen_ai.client.operation.duration')).toBe(3);
});

test('the result of a tool that a response in the background asked for is an inferred tool', () => {
  const { advance, call, span } = startCalls();
  call({ asked: { model: 'gpt-5', input: 'hi', background: true }, answered: response('resp_1', 'queued') });
  call({ method: 'GET', url: `${url}/resp_1`, answered: response('resp_1', 'completed', { usage, output: [toolCall('call_1')] }) });
  advance(500);
  const input = [{ type: 'function_call_output', call_id: 'call_1', output: 'found' }];
  call({ asked: { model: 'gpt-5', previous_response_id: 'resp_1', input }, answered: response('resp_2', 'completed', { usage }) });
  expect(milliseconds(span('execute_tool look_up').duration)).toBe(500);
});

test.each([
  ['failed', { error: { code: 'server_error', message: 'no' } }, 'server_error'],
  ['cancelled', {}, 'cancelled'],
])('a response that is %s in the background is an error of its call, and none of the request for it', (status, more, errorType) => {
  const { call, span } = startCalls();
  call({ asked: { model: 'gpt-5', input: 'hi', background: true }, answered: response('resp_1', 'queued') });
  const how = status === 'cancelled' ? { url: `${url}/resp_1/cancel`, method: 'POST' } : { url: `${url}/resp_1`, method: 'GET' };
  call({ ...how, answered: response('resp_1', status, more) });
  expect(span('chat gpt-5').attributes).toMatchObject({ 'error.type': errorType, 'gen_ai.response.status': status });
  expect(span(status === 'cancelled' ? 'cancel_response' : 'fetch_response').attributes['error.type']).toBeUndefined();
});

test('a request for a response that failed by itself is an error of its own, with the id of its path', () => {
  const { call, span } = startCalls();
  call({ method: 'GET', url: `${url}/resp_9`, status: 404, answered: { error: { code: 'not_found', message: 'canary' } } });
  expect(span('fetch_response').attributes).toMatchObject({ 'error.type': 'not_found', 'gen_ai.response.id': 'resp_9' });
});

test('a response that nobody asks for ends with its own answer, without an error, when the process ends or many others wait', () => {
  const recording = startCalls();
  const { call, spans, advance } = recording;
  for (let index = 0; index < 257; index += 1)
    call({ asked: { model: 'gpt-5', input: 'hi', background: true }, answered: response(`resp_${index}`, 'queued') });
  expect(spans()).toHaveLength(1);
  advance(60_000);
  recording.state.endOpen('process_exit');
  expect(spans()).toHaveLength(257);
  for (const { duration, attributes } of spans()) {
    expect(milliseconds(duration)).toBe(10);
    expect([attributes['error.type'], attributes['gen_ai.response.status']]).toEqual([undefined, 'queued']);
  }
});

test('results go to the stored response that the request continues, also where two have the same ids', () => {
  const { advance, call, spans } = startCalls();
  const asks = (id: string): void =>
    void call({ asked: { model: 'gpt-5', input: id }, answered: response(id, 'completed', { usage, output: [toolCall('call_1')] }) });
  asks('resp_a');
  advance(100);
  asks('resp_b');
  const input = [{ type: 'function_call_output', call_id: 'call_1', output: 'found' }];
  const goesOn = (previous: string): void =>
    void call({ asked: { model: 'gpt-5', previous_response_id: previous, input }, answered: response('resp_z', 'completed', { usage }) });
  goesOn('resp_a');
  goesOn('resp_b');
  goesOn('resp_b');
  const tools = spans().filter(({ name }) => name === 'execute_tool look_up');
  expect(tools.map(({ duration }) => milliseconds(duration))).toEqual([110, 10]);
});
