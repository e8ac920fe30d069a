/** Executions of tools: each once, whoever tells them. */
import { expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { SpanRow } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';
import { run, span, tool } from './hand-built.ts';

let made = 0;
function ran(
  from: number,
  to: number,
  { id, isInferred = false, name = 'read', pid = 1 }: { id?: string; isInferred?: boolean; name?: string; pid?: number },
): SpanRow {
  return span({
    id: `tool${(made += 1)}`,
    from,
    to,
    pid,
    scope: isInferred ? 'swarmscope' : 'ai',
    attributes: {
      ...tool(name),
      ...(id === undefined ? {} : { [words.ATTR_GEN_AI_TOOL_CALL_ID]: id }),
      ...(isInferred ? { [words.ATTR_SWARMSCOPE_TOOL_INFERRED]: true } : {}),
    },
  });
}
const inferred = { id: 'a', isInferred: true };

it.each<[string, SpanRow[], [number, number]]>([
  ["is counted once where the program's own SDK tells it by the same id", [ran(0, 4, inferred), ran(1, 2, { id: 'a' })], [1, 0]],
  ['is counted once where it is told by name alone', [ran(0, 4, inferred), ran(1, 2, {})], [1, 0]],
  ['is counted once where it is told as longer', [ran(1, 2, inferred), ran(0, 3, {})], [1, 0]],
  ['is counted once where a busy process tells it late', [ran(0, 1, inferred), ran(1.5, 2, {})], [1, 0]],
  ['is another one by another id', [ran(0, 4, inferred), ran(1, 2, { id: 'b' })], [2, 1]],
  ['is another one by another name', [ran(0, 4, inferred), ran(1, 2, { name: 'write' })], [2, 1]],
  ['is another one at another time', [ran(0, 4, inferred), ran(5, 6, { id: 'a' })], [2, 1]],
  ['is another one in another process', [ran(0, 4, inferred), ran(1, 2, { id: 'a', pid: 2 })], [2, 1]],
  ['is told once for each', [ran(0, 4, inferred), ran(0, 4, { ...inferred, id: 'b' }), ran(1, 2, {})], [2, 1]],
])('a tool that was inferred %s', (_, spans, expected) => {
  const { executions, inferredExecutions } = analyse(run(10, spans)).usage.tools;
  expect([executions, inferredExecutions]).toEqual(expected);
});
