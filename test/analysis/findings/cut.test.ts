/** Runs that were killed: tasks whose own span was never told are known by what they had done. */
import { describe, expect, test } from '@jest/globals';
import type { RunData } from '../../../src/analysis/index.ts';
import * as words from '../../../src/semconv/index.ts';
import { llm, run, span, tokens } from '../hand-built.ts';
import { findingOf, kindsIn, one } from './swarms.ts';

/** Five tasks of 10 s below a run that was never told, and the calls of a sixth one that was at work for so many seconds. */
function killed(seconds: number, parent = 'never-told'): RunData {
  const tasks = ['a', 'b', 'c', 'd', 'e'].flatMap((id) => one({ id, from: 1, to: 11, parent: 'run', needs: [] }));
  const calls = Array.from({ length: Math.floor(seconds / 2) }, (_each, at) =>
    span({ id: `call${at}`, parent, from: 1 + 2 * at, to: 3 + 2 * at, attributes: llm(tokens(1_000 + 37 * at * at, 100 + at)) }),
  );
  return run(Math.max(11, 1 + seconds), [...tasks, ...calls]);
}

describe('a run that was killed', () => {
  test('a task that never ended is a straggler by the work that it had done', () => {
    const found = findingOf(killed(40), 'straggler');
    expect(found.recoverableSeconds.value).toBeCloseTo(30, 0);
    expect(found.where['tasks']).toEqual(['implement, never ended']);
    expect(found.evidence.spanIds[0]).toBe('call0');
  });

  test('one that had done no more than its like is none', () => {
    expect(kindsIn(killed(10))).toEqual([]);
  });

  test('calls that the program itself makes beside its tasks are no task', () => {
    expect(kindsIn(killed(40, 'run'))).not.toContain('straggler');
  });
});

describe('where tasks are found', () => {
  const told = (ids: readonly string[]): RunData =>
    run(
      41,
      ids.flatMap((id, at) => one({ id: `t${at}`, from: 1, to: at === 2 ? 41 : 11, attributes: { [words.ATTR_SWARMSCOPE_TASK_ID]: id } })),
    );

  test('an id that the program gave is the name', () => {
    expect(findingOf(told(['auth', 'cart', 'docs', 'mail']), 'straggler').where['tasks']).toEqual(['docs']);
  });

  test('a generated id is shortened as in the rest of the report', () => {
    const ids = ['0a1b2c3d4e5f60718', '1a1b2c3d4e5f60718', '2a1b2c3d4e5f60718', '3a1b2c3d4e5f60718'];
    expect(findingOf(told(ids), 'straggler').where['tasks']).toEqual(['implement 2a1b2c']);
  });
});

test('answers of one size are no loop where their results never come into the conversation', () => {
  const rounds = Array.from({ length: 8 }, (_each, at) => [
    span({ id: `c${at}`, parent: 'a', from: 3 * at, to: 3 * at + 2, attributes: llm(tokens(2_000, 150)) }),
    span({
      id: `t${at}`,
      parent: 'a',
      from: 3 * at + 2,
      to: 3 * at + 3,
      attributes: { [words.ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool', [words.ATTR_GEN_AI_TOOL_NAME]: 'search' },
    }),
  ]);
  expect(kindsIn(run(24, [...one({ id: 'a', from: 0, to: 24, inside: [] }), ...rounds.flat()]))).toEqual([]);
});
