// A span of a call that is never the current one, and the calls that the wire saw meanwhile: each call is counted once.
import { expect, test } from '@jest/globals';
import type { LlmCallEnd } from '../../src/recording/types.ts';
import { startRecording } from './recorder.ts';

const OUTPUT = 'gen_ai.usage.output_tokens';
const COUNTED = 'gen_ai.client.inference.usage.output_tokens';
const ATTRIBUTES = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-5' };
const answer = (outputTokens: number, more: LlmCallEnd = {}): LlmCallEnd => ({ statusCode: 200, usage: { outputTokens }, ...more });

/** Spans written by hand, and calls on the wire, of one program. */
function startProgram(): ReturnType<typeof startRecording> & {
  told(more?: object): { says(attributes: object): void; end(): void };
  wire(model?: string): { end(end: LlmCallEnd): void };
} {
  const recording = startRecording();
  const { recorder, advance } = recording;
  return {
    ...recording,
    told(more = {}) {
      const made = recorder.startLibrarySpan({ scope: { name: 'app' }, name: 'chat', kind: 0, attributes: { ...ATTRIBUTES, ...more } });
      advance(5);
      return { says: (attributes) => void made?.span.setAttributes({ ...attributes }), end: () => void made?.span.end() };
    },
    wire(requestModel = 'gpt-5') {
      const call = recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel });
      advance(10);
      return { end: (end) => call.end(end) };
    },
  };
}

const usageOnSpans = ({ spans }: ReturnType<typeof startRecording>): unknown[] =>
  spans().flatMap(({ attributes }) => (OUTPUT in attributes ? [attributes[OUTPUT]] : []));

test('a span beside the call on the wire adds nothing, and has no usage of its own', async () => {
  const program = startProgram();
  const span = program.told();
  program.wire().end(answer(7));
  span.says({ [OUTPUT]: 7 });
  span.end();
  expect(await program.metric(COUNTED)).toBe(7);
  expect(usageOnSpans(program)).toEqual([7]);
});

test('a span that ends while the last bytes of its answer are on their way tells that call', async () => {
  const program = startProgram();
  const span = program.told();
  const call = program.wire();
  span.says({ [OUTPUT]: 7 });
  span.end();
  call.end(answer(7));
  expect(await program.metric(COUNTED)).toBe(7);
});

test('of an attempt that failed and one that was answered the span tells the answered one', async () => {
  const program = startProgram();
  const span = program.told();
  program.wire().end({ statusCode: 429, errorType: 'rate_limit_error' });
  program.wire().end(answer(7));
  const other = program.told();
  span.says({ [OUTPUT]: 7 });
  span.end();
  // The failed one is not its call: it began earlier.
  other.says({ [OUTPUT]: 7 });
  other.end();
  expect(await program.metric(COUNTED)).toBe(14);
});

test.each([
  ['of another model', {}, answer(7), 'gpt-4o'],
  ['with other counts', {}, answer(8), 'gpt-5'],
  ['with another id', { 'gen_ai.response.id': 'chatcmpl-1' }, answer(7, { responseId: 'chatcmpl-2' }), 'gpt-5'],
])('a call %s is another call', async (_, told, end, model) => {
  const program = startProgram();
  const span = program.told();
  program.wire(model).end(end);
  span.says({ [OUTPUT]: 7, ...told });
  span.end();
  expect(await program.metric(COUNTED)).toBe(7 + Number(end.usage?.outputTokens));
  expect(usageOnSpans(program)).toHaveLength(2);
});

test('calls that ran at the same time are as many as there were', async () => {
  const program = startProgram();
  const told = [program.told(), program.told(), program.told()];
  const wire = [program.wire(), program.wire(), program.wire()];
  for (const call of wire) call.end(answer(7));
  for (const span of [...told, program.told()]) {
    span.says({ [OUTPUT]: 7 });
    span.end();
  }
  // The last one began after them: the wire did not see its call.
  expect(await program.metric(COUNTED)).toBe(28);
  expect(usageOnSpans(program)).toHaveLength(4);
});
