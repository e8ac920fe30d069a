/** The report as text and as JSON. */
import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../../src/analysis/index.ts';
import { renderJson } from '../../../src/cli/report/json.ts';
import { bytes, count, duration, money, percent } from '../../../src/cli/report/numbers.ts';
import { styleFor } from '../../../src/cli/report/style.ts';
import { renderReport } from '../../../src/cli/report/text.ts';
import { ATTR_SWARMSCOPE_COST_UNPRICED } from '../../../src/semconv/index.ts';
import { cost, llm, run, span, swarm, task, tokens } from '../../analysis/hand-built.ts';

describe('the printed report', () => {
  it('of a small swarm reads like this', () => {
    expect(renderReport(analyse(swarm()))).toMatchSnapshot();
  });

  it.each([40, 60, 80, 120])('keeps within %i columns', (width) => {
    const lines = renderReport(analyse(swarm()), { width, isColour: false, isUnicode: true }).split('\n');
    expect(lines.slice(1).filter((line) => line.length > Math.max(width, 72))).toEqual([]);
  });

  it('is plain ASCII where the terminal is', () => {
    expect(renderReport(analyse(swarm()), { width: 80, isColour: false, isUnicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('says what to do when nothing was seen', () => {
    const text = renderReport(analyse(run(1, [])));
    expect(text).toContain('swarmscope doctor');
    expect(text).not.toMatch(/NaN|undefined|\$0/);
  });

  it('says how many calls have no price, and what is lacking', () => {
    const render = (...lacks: (string | undefined)[]): string =>
      renderReport(
        analyse(
          run(
            9,
            lacks.map((each, at) => {
              const attributes = llm(tokens(10, 5, each === undefined ? cost(1) : { [ATTR_SWARMSCOPE_COST_UNPRICED]: each }));
              return span({ id: `c${at}`, from: at, to: at + 1, attributes });
            }),
          ),
        ),
        { width: 200, isColour: false, isUnicode: true },
      );
    const tier = 'priority tier';
    expect(render(tier, tier, tier)).toMatch(/3 calls unpriced: priority tier$/m);
    const mixed = render(undefined, 'fast speed', tier, tier);
    expect(mixed).toContain('3 calls unpriced: 2 priority tier, 1 fast speed; their cost is not in the sum');
    expect(mixed).toContain('$1.00+');
    expect(render('a', 'b', 'c', 'd', 'e')).toContain('5 calls unpriced: 1 a, 1 b, 1 c, 1 d, ...');
    expect(render(undefined)).not.toMatch(/unpriced|\+/);
  });

  it('lets no control character of a name through', () => {
    const text = renderReport(analyse(run(1, [span({ id: 'a', from: 0, to: 1, attributes: task('evil\u001b]0;x\u0007\n') })])));
    expect(['\u001b', '\u0007'].filter((control) => text.includes(control))).toEqual([]);
  });
});

it('the JSON carries its schema version and no absent member', () => {
  const parsed = JSON.parse(renderJson(analyse(swarm()))) as { schemaVersion: number; usage: { tokens: object } };
  expect(parsed.schemaVersion).toBe(1);
  expect(parsed.usage.tokens).toEqual({ input: 6000, output: 600 });
});

it.each([
  [duration(0), '0 ms'],
  [duration(2.34), '2.3 ms'],
  [duration(999.4), '999 ms'],
  [duration(999.6), '1.0 s'],
  [duration(59_949), '59.9 s'],
  [duration(59_960), '1m 00s'],
  [duration(72_000), '1m 12s'],
  [duration(3_599_600), '1h 00m'],
  [count(12_345), '12.3k'],
  [count(999_960), '1.00M'],
  [money(0.0123, 'USD'), '$0.0123'],
  [money(0.00001, 'USD'), '<$0.0001'],
  [money(12.3, 'EUR'), '12.30 EUR'],
  [percent(0.004), '0.4%'],
  [percent(0.123), '12%'],
  [bytes(25_769_803_776), '24.0 GiB'],
])('%s reads %s', (text, expected) => {
  expect(text).toBe(expected);
});

it('colours only a terminal without NO_COLOR', () => {
  const facts = { isTty: true, columns: 500, noColor: undefined, locale: 'C.UTF-8' };
  expect(styleFor(facts)).toEqual({ width: 160, isColour: true, isUnicode: true });
  expect(styleFor({ ...facts, noColor: '1' }).isColour).toBe(false);
  expect(styleFor({ ...facts, isTty: false, columns: undefined, locale: 'C' })).toEqual({ width: 80, isColour: false, isUnicode: false });
});
