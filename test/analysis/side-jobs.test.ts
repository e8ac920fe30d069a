/** Queues of the program that do none of the swarm's work: the report looks through their jobs. */
import { expect, test } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { Attributes, SpanRow } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, batch, child, llm, run, span, task } from './hand-built.ts';

const BATCH = { [words.ATTR_SWARMSCOPE_BATCH_ID]: 'b' };
const job = (more: Attributes = {}): Attributes => task('write', { [words.ATTR_SWARMSCOPE_TASK_INFERRED]: true, ...BATCH, ...more });

/** Two calls of 5 s in no task, and a batch of two jobs beside them that take as long as is said, together. */
function beside(jobMs: number, attributes: Attributes = job(), more: readonly SpanRow[] = []): SpanRow[] {
  return [
    span({ id: 'l1', from: 0, to: 5, attributes: llm() }),
    span({ id: 'l2', from: 4, to: 9, attributes: llm() }),
    span({ id: 'b', from: 1, to: 3, attributes: batch(0, BATCH) }),
    span({ id: 'j1', from: 1, to: 1 + jobMs / 2000, attributes }),
    span({ id: 'j2', from: 2, to: 2 + jobMs / 2000, attributes }),
    ...more,
  ];
}

const inside = (attributes: Attributes): SpanRow => span({ id: 'in', parent: 'j2', from: 2, to: 2.1, attributes });

test.each<[string, readonly SpanRow[], boolean]>([
  ['jobs that hold nothing, beside ten times as much time of LLM calls', beside(998), true],
  ['jobs that take a tenth of that time are work', beside(1_000), false],
  ['jobs that the program declared are work', beside(10, task('write')), false],
  ['a job that starts a process is work, and so is its queue', beside(10, job(), [inside(child('make', 'other'))]), false],
  ['a job that holds a span of a library only', beside(10, job(), [inside({})]), true],
  [
    'another queue of the same process is judged for itself',
    beside(10, job({ [words.ATTR_SWARMSCOPE_QUEUE_NAME]: 'p-queue' }), [
      span({
        id: 'o',
        from: 3,
        to: 4,
        attributes: job({ [words.ATTR_SWARMSCOPE_QUEUE_NAME]: 'p-queue-2', [words.ATTR_SWARMSCOPE_BATCH_ID]: 'c' }),
      }),
    ]),
    true,
  ],
])('%s', (_title, spans, isLookedThrough) => {
  const { lanes, taskTypes, batches } = analyse(run(10, spans));
  const jobs = taskTypes.reduce((sum, { durationMs }) => sum + (durationMs?.count ?? 0), 0);
  const others = spans.filter(({ spanId }) => spanId === 'o').length;
  expect([jobs, batches.length]).toEqual(isLookedThrough ? [others, 0] : [2, 1]);
  expect(lanes.kind).toBe(isLookedThrough && others === 0 ? 'call' : 'task');
});

test('a call that never ended is no time beside which jobs are looked through', () => {
  const spans = beside(500).map((row) => (row.spanId === 'l2' ? { ...row, endMs: undefined } : row));
  expect(analyse(run(10, spans)).lanes.kind).toBe('task');
});

test('agents inside of which nothing is seen are work beside which jobs are looked through', () => {
  const agents = beside(10).map((row) => (row.spanId.startsWith('l') ? { ...row, attributes: child('claude', 'agent') } : row));
  const named = agents.map((row) => (row.spanId === 'l1' ? { ...row, attributes: agent() } : row));
  expect(analyse(run(10, named)).lanes.kind).toBe('agent');
});

test('without an LLM call in the run computing is the work', () => {
  const spans = beside(10).filter(({ spanId }) => !spanId.startsWith('l'));
  expect(analyse(run(10, spans)).lanes.kind).toBe('task');
});
