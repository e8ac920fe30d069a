/** What a report says of money: prices, what is lacking for one, and what is no count. */
import { describe, expect, it } from '@jest/globals';
import { analyse, createPricer, type Attributes } from '../../src/analysis/index.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, cost, llm, run, span, tokens } from './hand-built.ts';

describe('money', () => {
  const lacking = (lacks: string): Attributes => ({ [words.ATTR_SWARMSCOPE_COST_UNPRICED]: lacks });

  it('names what is lacking for the price of calls, the most frequent first', () => {
    const attributes = [
      ...[cost(1), lacking('priority tier'), lacking('fast speed'), lacking('priority tier'), {}].map((more) => llm(tokens(10, 5, more))),
      llm(lacking('tokens not told')),
      llm({ [words.ATTR_ERROR_TYPE]: '429' }),
      llm(tokens(10, 5, cost(-1))),
    ];
    const report = analyse(
      run(
        9,
        attributes.map((each, at) => span({ id: `c${at}`, from: at, to: at + 1, attributes: each })),
      ),
    );
    expect(report.usage.cost).toMatchObject({ amount: 1, pricedCalls: 1, unpricedCalls: 6 });
    expect(report.usage.unpriced).toEqual([
      { lacks: 'no known price', calls: 2 },
      { lacks: 'priority tier', calls: 2 },
      { lacks: 'fast speed', calls: 1 },
      { lacks: 'tokens not told', calls: 1 },
    ]);
  });

  it('takes a negative count of tokens for none, whoever sent it', () => {
    const spans = [
      span({ id: 'a', from: 0, to: 1, attributes: llm(tokens(-10, 5)) }),
      span({ id: 'b', from: 1, to: 2, attributes: llm(tokens(10, -5, { [words.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: -1 })) }),
    ];
    expect(analyse(run(2, spans)).usage.tokens).toMatchObject({ input: 10, output: 5, cacheRead: undefined });
  });

  it('prices what other tools report by the same rules, and leaves alone what was found to have no price', () => {
    const gpt = { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-5' };
    const priced = (more: Attributes): unknown[] => {
      const { attributes } = createPricer()(span({ id: 'c', from: 0, to: 1, attributes: llm({ ...gpt, ...more }) }));
      return [attributes[words.ATTR_SWARMSCOPE_COST_AMOUNT], attributes[words.ATTR_SWARMSCOPE_COST_UNPRICED]];
    };
    expect(priced(tokens(220, 100))).toEqual([expect.closeTo(0.001275, 12), undefined]);
    expect(priced(tokens(220, 100, { 'openai.response.service_tier': 'flex' }))).toEqual([expect.closeTo(0.0006375, 12), undefined]);
    expect(priced(tokens(220, 100, { 'gen_ai.usage.audio.output_tokens': 9 }))).toEqual([undefined, 'audio tokens']);
    expect(priced(tokens(-220, 100))).toEqual([undefined, 'tokens not told']);
    expect(priced(tokens(220, 100, lacking('scale tier')))).toEqual([undefined, 'scale tier']);
  });

  it('of two records of one call believes the one that knows why it has no price', () => {
    const wire = span({ id: 'w', parent: 'a', from: 0, to: 4, attributes: llm({ ...tokens(10, 5), ...lacking('priority tier') }) });
    const own = span({ id: 'o', parent: 'a', from: 0, to: 4, scope: 'claude_code', attributes: llm({ ...tokens(10, 5), ...cost(1) }) });
    const { usage } = analyse(run(4, [span({ id: 'a', from: 0, to: 4, attributes: agent() }), own, wire]));
    expect([usage.duplicates, usage.cost.amount, usage.cost.unpricedCalls]).toEqual([1, undefined, 1]);
  });
});
