// The context of a span: read as the API's own, at less cost.
import { expect, test } from '@jest/globals';
import { createContextKey, INVALID_SPAN_CONTEXT, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { withSpan } from '../../src/recording/span-context.ts';

const KEY = createContextKey('a value of the program');
const spanOf = (spanId: string) => trace.wrapSpanContext({ ...INVALID_SPAN_CONTEXT, spanId });

test('a context with a span is read as one that the API made', () => {
  const outer = withSpan(ROOT_CONTEXT.setValue(KEY, 'kept'), spanOf('00000000000000a1'));
  const inner = withSpan(outer, spanOf('00000000000000a2'));
  expect(trace.getSpanContext(inner)?.spanId).toBe('00000000000000a2');
  expect(trace.getSpanContext(outer)?.spanId).toBe('00000000000000a1');
  expect(inner.getValue(KEY)).toBe('kept');
  expect(inner.getValue(createContextKey('another value'))).toBeUndefined();
});

test('a value that a processor or a sampler sets or takes away leaves the span where it is', () => {
  const context = withSpan(ROOT_CONTEXT.setValue(KEY, 'old'), spanOf('00000000000000b1'));
  const changed = context.setValue(KEY, 'new');
  expect([changed.getValue(KEY), context.getValue(KEY), context.deleteValue(KEY).getValue(KEY)]).toEqual(['new', 'old', undefined]);
  expect([changed, context.deleteValue(KEY)].map((each) => trace.getSpanContext(each)?.spanId)).toEqual(Array(2).fill('00000000000000b1'));
  expect(trace.getSpan(trace.deleteSpan(context))).toBeUndefined();
});

test('ten thousand spans below each other are as quick to look through as two', () => {
  let context = ROOT_CONTEXT.setValue(KEY, 'kept');
  for (let depth = 0; depth < 10_000; depth += 1) context = withSpan(context, spanOf('00000000000000c1'));
  expect(context.getValue(KEY)).toBe('kept');
});
