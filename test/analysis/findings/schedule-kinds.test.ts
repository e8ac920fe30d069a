/** Kinds that lie in the schedule: what they save, and what they must not be taken for. */
import { describe, expect, test } from '@jest/globals';
import { batch, span } from '../hand-built.ts';
import { findingOf, findingsIn, kindsIn, swarmOf, type TaskSketch } from './swarms.ts';

/** Two batches of three; in the first one `a` takes long, and only `d` needs it. */
const twoBatches = (needs: Readonly<Record<string, readonly string[]>>): TaskSketch[] => [
  { id: 'a', from: 0, to: 30, parent: 'b0', needs: [] },
  { id: 'b', from: 0, to: 10, parent: 'b0', needs: [] },
  { id: 'c', from: 0, to: 10, parent: 'b0', needs: [] },
  { id: 'd', from: 30, to: 40, parent: 'b1', needs: needs['d'] ?? [] },
  { id: 'e', from: 30, to: 55, parent: 'b1', needs: needs['e'] ?? [] },
  { id: 'f', from: 30, to: 50, parent: 'b1', needs: needs['f'] ?? [] },
];
const batches = [span({ id: 'b0', from: 0, to: 30, attributes: batch(0) }), span({ id: 'b1', from: 30, to: 55, attributes: batch(1) })];

describe('barrier', () => {
  test('tasks that were ready long before their batch began are held up by it', () => {
    const found = findingOf(swarmOf(twoBatches({ d: ['a'], e: ['b'], f: ['c'] }), { slots: 3, more: batches }), 'barrier');
    // Without it `e` runs from 10 to 35, and `d` from 30 to 40.
    expect(found.recoverableSeconds.value).toBeCloseTo(15, 1);
    expect(found.evidence.spanIds).toEqual(expect.arrayContaining(['a', 'b0']));
    expect(found.severity).toBe('medium');
    expect(found.action).toContain('40 s');
  });

  test('a step that needs all of the step before is no barrier', () => {
    const all = ['a', 'b', 'c'];
    expect(kindsIn(swarmOf(twoBatches({ d: all, e: all, f: all }), { slots: 3, more: batches }))).not.toContain('barrier');
  });

  test('one batch around everything is no barrier', () => {
    const tasks = twoBatches({}).map((each) => ({ ...each, parent: 'b0' }));
    const around = [span({ id: 'b0', from: 0, to: 55, attributes: batch(0) })];
    expect(kindsIn(swarmOf(tasks, { slots: 3, more: around }))).not.toContain('barrier');
  });
});

describe('straggler', () => {
  const eight = (lastTo: number): TaskSketch[] => [
    ...Array.from({ length: 7 }, (_each, index) => ({ id: `t${index}`, from: 0, to: 10 })),
    { id: 'slow', from: 0, to: lastTo },
  ];

  test('one task of three times the work of its like, with which the run ends', () => {
    const found = findingOf(swarmOf(eight(30), { slots: 8 }), 'straggler');
    expect(found.recoverableSeconds.value).toBeCloseTo(20, 1);
    expect(found.evidence.spanIds[0]).toBe('slow');
    expect(found.where['tasks']).toEqual(['slow']);
    expect(found.severity).toBe('high');
  });

  test('one and a half times the work is none', () => {
    expect(kindsIn(swarmOf(eight(15), { slots: 8 }))).toEqual([]);
  });

  test('one that others hide is none', () => {
    const others: TaskSketch[] = [
      { id: 'x', from: 10, to: 20 },
      { id: 'y', from: 20, to: 30 },
    ];
    expect(
      kindsIn(
        swarmOf(
          [...eight(30), ...others].map((each) => ({ ...each, needs: each.id === 'y' ? ['x'] : each.id === 'x' ? ['t0'] : [] })),
          { slots: 8 },
        ),
      ),
    ).not.toContain('straggler');
  });
});

test('a run in which all work at once and end together has nothing worth changing', () => {
  const tasks = Array.from({ length: 8 }, (_each, index) => ({ id: `t${index}`, from: 0, to: 20 + index * 0.3 }));
  expect(findingsIn(swarmOf(tasks, { slots: 8 }))).toEqual([]);
});
