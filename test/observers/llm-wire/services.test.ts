/** Whose service a request goes to, where its path alone does not tell, and where the user says it. */
import { expect, test } from '@jest/globals';
import { startCalls } from './calls.ts';

const asked = { model: 'm', input: 'hi' };
const answered = { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output: [] };

test('a path that other services use too is a call where the body is one, with its true start and parent', () => {
  const { call, recorder, span, spans } = startCalls({ url: 'https://survey.example/api/responses' });
  const task = recorder.startTask({ type: 'ask' }, 'ask');
  for (const body of [{ answers: [1] }, { model: 'x' }, undefined]) call({ ...(body && { asked: body }), by: task });
  expect(spans()).toEqual([]);
  call({ asked, answered, by: task });
  expect(span('chat m').parentSpanContext?.spanId).toBe(task.spanId);
  expect(span('chat m').duration).toEqual([0, 10_000_000]);
});

test('at the host of a service any such path is a call, whatever its body is', () => {
  const { call, span } = startCalls();
  call({ status: 400 });
  expect(span('chat').attributes).toMatchObject({ 'gen_ai.provider.name': 'openai', 'error.type': '400' });
});

test('services of the settings have the provider and the protocol that they are said to have', () => {
  const { call, spans, counts } = startCalls({
    env: {
      SWARMSCOPE_LLM_SERVICES:
        'llm.example=@example, *.corp.example:8443/ai=openai-responses@corp, 10.0.0.7/x=anthropic-messages, gone.example=no-such-protocol',
    },
  });
  const at = (url: string): unknown => {
    const before = spans().length;
    call({ url, asked, answered });
    return spans().at(before)?.attributes['gen_ai.provider.name'];
  };
  expect(at('https://llm.example/v1/responses')).toBe('example');
  expect(at('https://llm.example/ask')).toBeUndefined();
  expect(at('https://a.corp.example:8443/ai/ask')).toBe('corp');
  expect(at('https://A.CORP.example:8443/ai/v1/responses?x=1')).toBe('corp');
  expect(at('https://a.corp.example/ai/ask')).toBeUndefined();
  expect(at('https://a.corp.example:8443/other')).toBeUndefined();
  expect(at('http://10.0.0.7:9000/x')).toBe('_OTHER');
  expect(at('https://gone.example/ask')).toBeUndefined();
  expect(counts.get('llm-wire.unknown-protocol')).toBe(1);
});
