/** Kinds that are waits: what they save, and what they must not be taken for. */
import { describe, expect, test } from '@jest/globals';
import type { Attributes } from '../../../src/analysis/model.ts';
import * as words from '../../../src/semconv/index.ts';
import { git, llm, refused, resend, tokens, tool, wait } from '../hand-built.ts';
import { findingOf, kindsIn, swarmOf, type TaskSketch } from './swarms.ts';

type Inside = NonNullable<TaskSketch['inside']>;

/** Four tasks at once; the first one has `inside`, and is as long as given. */
const four = (to: number, inside: Inside): TaskSketch[] => [
  { id: 'held', from: 0, to, inside },
  ...['a', 'b', 'c'].map((id) => ({ id, from: 0, to: 20 })),
];

describe('human_wait', () => {
  const approval = (attributes: Attributes): Inside => [
    [0, 10, llm(tokens(1_000, 100))],
    [10, 40, attributes],
    [40, 50, llm(tokens(1_000, 100))],
  ];

  test('an approval that the end of the run waited for', () => {
    const found = findingOf(swarmOf(four(50, approval(wait('human'))), { slots: 4 }), 'human_wait');
    expect(found.recoverableSeconds.value).toBeCloseTo(30, 1);
    expect(found.evidence.spanIds).toEqual(['held.1']);
  });

  test('a tool that takes as long is no wait for a person', () => {
    expect(kindsIn(swarmOf(four(50, approval(tool('build'))), { slots: 4 }))).not.toContain('human_wait');
  });

  test('an approval in a task that nobody waits for costs nothing', () => {
    const tasks = four(50, approval(wait('human'))).map((each) => (each.id === 'held' ? each : { ...each, to: 52 }));
    expect(kindsIn(swarmOf(tasks, { slots: 4 }))).toEqual([]);
  });

  test('a wait inside a tool that is known by its result alone is a wait', () => {
    const inferred = { ...tool('ask'), [words.ATTR_SWARMSCOPE_TOOL_INFERRED]: true };
    const inside: Inside = [...approval(wait('human')), [10, 40, inferred]];
    expect(kindsIn(swarmOf(four(50, inside), { slots: 4 }))).toContain('human_wait');
  });
});

describe('rate_limit', () => {
  test('refused calls and the waits until they are repeated', () => {
    const inside: Inside = [
      [0, 1, llm(refused(0)), true],
      [16, 17, llm(refused(1)), true],
      [37, 52, llm({ ...resend(2), ...tokens(1_000, 100) })],
    ];
    const found = findingOf(swarmOf(four(52, inside), { slots: 4 }), 'rate_limit');
    // Without the refusals the task takes 15 s, and the others 20 s.
    expect(found.recoverableSeconds.value).toBeCloseTo(32, 1);
    expect(found.evidence.spanIds).toEqual(expect.arrayContaining(['held.0', 'held.1']));
  });

  test('refusals in a task that others hide cost nothing', () => {
    const inside: Inside = [
      [0, 1, llm(refused(0)), true],
      [8, 18, llm({ ...resend(1), ...tokens(1_000, 100) })],
    ];
    expect(kindsIn(swarmOf(four(18, inside), { slots: 4 }))).toEqual([]);
  });
});

describe('lock_contention', () => {
  const merges = (hasWaits: boolean): TaskSketch[] =>
    Array.from({ length: 4 }, (_each, index): TaskSketch => {
      const at = 20 + index * 10;
      const waited: Inside = hasWaits && index > 0 ? [[20, at, wait('lock')]] : [];
      return { id: `t${index}`, from: 0, to: at + 10, inside: [[0, 20, llm(tokens(1_000, 100))], ...waited, [at, at + 10, git('merge')]] };
    });

  test('declared waits for the lock of the merges', () => {
    const found = findingOf(swarmOf(merges(true), { slots: 4 }), 'lock_contention');
    expect(found.recoverableSeconds.value).toBeCloseTo(30, 1);
    expect(found.evidence.spanIds[0]).toBe('t3.1');
  });

  test('a mutex that nobody declares shows by gaps before merges that end as another merge ends', () => {
    expect(findingOf(swarmOf(merges(false), { slots: 4 }), 'lock_contention').recoverableSeconds.value).toBeCloseTo(30, 1);
  });

  test('slow merges side by side are no contention', () => {
    const tasks = Array.from({ length: 4 }, (_each, index): TaskSketch => {
      return {
        id: `t${index}`,
        from: 0,
        to: 60,
        inside: [
          [0, 20, llm(tokens(1_000, 100))],
          [20, 60, git('merge')],
        ],
      };
    });
    expect(kindsIn(swarmOf(tasks, { slots: 4 }))).toEqual([]);
  });
});
