/** Agents that are called the same are told apart in the report: by worktree, branch or task, else by their order. */
import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { Attributes } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, child, git, llm, run, span } from './hand-built.ts';

const at = (branch: string, name = 'repo'): Attributes => ({
  [words.ATTR_VCS_REPOSITORY_NAME]: 'repo',
  [words.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: name,
  [words.ATTR_VCS_REF_HEAD_NAME]: branch,
});
const claude = (): Attributes => ({ ...agent(), [words.ATTR_GEN_AI_AGENT_NAME]: 'claude' });

/** What the report calls agents that ran git commands there, one after the other. */
function named(places: readonly (readonly Attributes[])[], of: (index: number) => Attributes = claude): string[] {
  const rows = places.flatMap((commands, index) => [
    { ...span({ id: `a${index}`, from: index, to: 90 - index, attributes: of(index) }), name: 'claude' },
    span({ id: `c${index}`, parent: `a${index}`, from: index, to: index + 1, attributes: llm() }),
    ...commands.map((place, nth) =>
      span({ id: `g${index}.${nth}`, parent: `a${index}`, from: index + nth, to: index + nth + 1, attributes: git('commit', place) }),
    ),
  ]);
  return analyse(run(100, rows)).slowest.map(({ name }) => name);
}

describe('agents that are called the same', () => {
  const x = [at('x')];
  const y = [at('main'), at('y')];
  it.each<[string, string[], string[]]>([
    ['by their worktree', named([[at('main', 'w1')], [at('main', 'w2')]]), ['claude w1', 'claude w2']],
    ['by the branch they went to, in one worktree or in clones of one name', named([x, y, []]), ['claude x', 'claude y', 'claude']],
    ['by their order where nothing else does', named([x, x, []]), ['claude repo #1', 'claude repo #2', 'claude']],
    ['by their order where nothing is known', named([[], []]), ['claude #1', 'claude #2']],
    ['by branch and order', named([x, y, y]), ['claude x', 'claude y #1', 'claude y #2']],
    [
      'by the id that their task was given',
      named([x, x], (index) => ({ ...claude(), [words.ATTR_SWARMSCOPE_TASK_ID]: `cart-${index}` })),
      ['claude cart-0', 'claude cart-1'],
    ],
    ['as processes too', named([x, y], () => child('claude', 'agent')), ['claude x', 'claude y']],
  ])('are told apart %s', (_how, names, expected) => {
    expect(names).toEqual(expected);
  });

  it('keep their worktree where they are alone, and are not numbered where they are no agents', () => {
    expect(named([x])).toEqual(['claude repo']);
    expect(named([[], []], () => child('claude', 'other'))).toEqual(['claude', 'claude']);
  });
});
