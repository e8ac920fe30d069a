/** Money by phase, type of task and failed attempts, and the prices of other models. */
import { describe, expect, it } from '@jest/globals';
import { analyse, createPricer, type Attributes, type SpanRow } from '../../src/analysis/index.ts';
import type { Money } from '../../src/analysis/index.ts';
import * as words from '../../src/semconv/index.ts';
import { cost, llm, run, span, task, tokens } from './hand-built.ts';

const phase = (name: string): Attributes => ({
  [words.ATTR_SWARMSCOPE_OPERATION_NAME]: words.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_PHASE,
  [words.ATTR_SWARMSCOPE_PHASE_NAME]: name,
});
const moneyOf = (spans: readonly SpanRow[]): Money => analyse(run(20, spans)).money;
const shown = (parts: Money['phases']): unknown[] => parts.map(({ name, calls, cost: { amount } }) => [name, calls, amount]);

describe('where the money went', () => {
  const spans = [
    span({ id: 'p1', from: 0, to: 4, attributes: phase('scout') }),
    span({ id: 'p2', from: 4, to: 12, attributes: phase('build') }),
    span({ id: 'inner', parent: 'p2', from: 5, to: 9, attributes: phase('repair') }),
    span({ id: 't1', parent: 'p1', from: 0, to: 3, attributes: task('search') }),
    span({ id: 't2', parent: 'inner', from: 5, to: 8, isError: true, attributes: task('implement') }),
    span({ id: 't3', parent: 'p2', from: 9, to: 12, attributes: task('implement') }),
    span({ id: 'c1', parent: 't1', from: 0, to: 1, attributes: llm(tokens(10, 5, cost(1))) }),
    span({ id: 'c2', parent: 't2', from: 5, to: 6, attributes: llm(tokens(10, 5, cost(2))) }),
    span({ id: 'c3', parent: 't3', from: 9, to: 10, attributes: llm(tokens(10, 5, cost(4))) }),
    span({ id: 'c4', from: 13, to: 14, attributes: llm(tokens(10, 5)) }),
  ];

  it('is told by the innermost phase and by the type of task, what is outside apart and without a name', () => {
    const money = moneyOf(spans);
    expect(shown(money.phases)).toEqual([
      ['build', 1, 4],
      ['repair', 1, 2],
      ['scout', 1, 1],
      [undefined, 1, undefined],
    ]);
    expect(shown(money.taskTypes)).toEqual([
      ['implement', 2, 6],
      ['search', 1, 1],
      [undefined, 1, undefined],
    ]);
    // The section of phases says the same sums, in the order in which they began.
    const { phases } = analyse(run(20, spans));
    expect(shown(phases)).toEqual([
      ['scout', 1, 1],
      ['build', 1, 4],
      ['repair', 1, 2],
    ]);
    expect(money.phases.reduce((sum, { cost: { amount = 0 } }) => sum + amount, 0)).toBe(7);
  });

  it('is told of attempts that failed', () => {
    expect(moneyOf(spans).failedAttempts).toMatchObject({ attempts: 1, cost: { amount: 2 } });
  });

  it('has no part where the run has no phase and no task', () => {
    const money = moneyOf([span({ id: 'c', from: 0, to: 1, attributes: llm(tokens(10, 5, cost(1))) })]);
    expect(money).toEqual({ phases: [], taskTypes: [], failedAttempts: undefined, models: [] });
  });
});

describe('other models of the same maker', () => {
  const price = createPricer();
  const call = (id: string, model: string, input: number, output: number, more: Attributes = {}): SpanRow => {
    const attributes = llm({ ...tokens(input, output), 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': model, ...more });
    return price(span({ id, from: 0, to: 1, attributes }));
  };
  const called = { [words.ATTR_SWARMSCOPE_TOOL_CALLED_NAMES]: ['read_file'] };

  it('are priced call by call for the same tokens, the short calls apart', () => {
    const { models } = moneyOf([
      call('a', 'gpt-5', 100_000, 10_000),
      call('b', 'gpt-5', 1_000, 100),
      call('c', 'gpt-5', 1_000, 100, called),
    ]);
    // 1.25 and 10 USD a million; mini 0.25 and 2, nano 0.05 and 0.4.
    const own = (input: number, output: number): number => (input * 1.25 + output * 10) / 1e6;
    const amount = own(100_000, 10_000) + 2 * own(1_000, 100);
    expect(models).toEqual([
      {
        model: 'gpt-5',
        calls: 3,
        amount: expect.closeTo(amount, 9),
        short: { calls: 1, maxOutputTokens: 200, amount: expect.closeTo(own(1_000, 100), 9) },
        others: [
          { model: 'gpt-5-nano', amount: expect.closeTo(amount / 25, 9), shortAmount: expect.closeTo(own(1_000, 100) / 25, 9) },
          { model: 'gpt-5-mini', amount: expect.closeTo(amount / 5, 9), shortAmount: expect.closeTo(own(1_000, 100) / 5, 9) },
        ],
      },
    ]);
  });

  it('keep in proportion to a price that was told or that is the user’s own', () => {
    const { models } = moneyOf([call('a', 'gpt-5', 1_000, 1_000, cost(10))]);
    expect(models[0]).toMatchObject({ amount: 10, others: [{ model: 'gpt-5-nano', amount: expect.closeTo(0.4, 9) }, {}] });
  });

  it('are left out where a call does not fit into their context', () => {
    const small = moneyOf([call('a', 'gpt-5', 399_000, 10)]).models[0]?.others.length;
    expect([small, moneyOf([call('a', 'gpt-5', 900_000, 10)]).models]).toEqual([2, []]);
  });

  it('are none for the cheapest, for a model of no table, and for calls without a price', () => {
    expect(moneyOf([call('a', 'gpt-5-nano', 1_000, 10), call('b', 'my-own-model', 1_000, 10), call('c', 'gpt-5', -1, 10)]).models).toEqual(
      [],
    );
  });
});
