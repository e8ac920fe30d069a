// The address of the page and its filter line: what is written is read back, and what nobody wrote harms nothing.
import { describe, expect, test } from '@jest/globals';
import { meantBy, parseFilter, withCategory } from '../../../src/viewer/web/filter.ts';
import { modelOf } from '../../../src/viewer/web/model.ts';
import { formatRoute, parseRoute, PLAIN_VIEW, takeToken, type Route } from '../../../src/viewer/web/url.ts';
import { snapshotOf } from '../../web/made-runs.ts';

describe('the address', () => {
  test.each<Route>([
    { page: 'runs' },
    { page: 'diff', a: 'one/two', b: 'ü %' },
    { page: 'review', ids: ['run-1', 'run 2'] },
    { page: 'run', id: 'r-1', screen: 'board', view: PLAIN_VIEW },
    { page: 'run', id: 'a b/c', screen: 'table', view: { ...PLAIN_VIEW, filter: 'type:x state:wait:lock >30s & "q"', isOnly: true } },
    {
      page: 'run',
      id: 'r',
      screen: 'report',
      view: {
        range: { from: 900_000, to: 1_200_000 },
        lanes: 'rows',
        selected: 'task:0af',
        span: 'aa/bb',
        pinned: [4, 16],
        filter: '',
        isOnly: false,
      },
    },
  ])('%j is read as it was written', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  test.each(['', '#', '#/', '#/nowhere', '#/run', '#/diff/one', '#%E0%A4%A', 'x'])('%j is the list of runs', (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'runs' });
  });

  test.each([
    ['t=5-3', undefined],
    ['t=a-b', undefined],
    ['t=-5-10', undefined],
    ['t=0-1', { from: 0, to: 1 }],
    ['t=99999999999999-999999999999999', undefined],
  ])('a range %j is %j', (query, range) => {
    const route = parseRoute(`#/run/r?${query}&pin=0x1,-2,3&lanes=odd`);
    expect(route.page === 'run' ? [route.view.range, route.view.pinned, route.view.lanes] : undefined).toEqual([range, [2], 'auto']);
  });

  const token = 'PZeHxhFKLlzXTIFsyGCC2Vc2N1a--3iM';
  test.each([
    [`#t=${token}`, token, ''],
    [`#t=${token}/run/r-1`, token, '#/run/r-1'],
    [`#t=${token}&/run/r-1?t=0-5`, token, '#/run/r-1?t=0-5'],
    ['#/run/r-1?t=900000-1200000000', undefined, '#/run/r-1?t=900000-1200000000'],
    ['#t=short', undefined, '#t=short'],
    ['', undefined, ''],
  ])('of %j the token is taken out', (hash, expected, rest) => {
    expect(takeToken(hash)).toEqual({ token: expected, rest });
  });
});

describe('the filter line', () => {
  const model = modelOf(
    snapshotOf([
      { tasks: [{ label: 'implement cart', type: 'implement', parts: [['llm', 40_000]] }] },
      {
        tasks: [
          { label: 'review cart', type: 'review', parts: [['wait:lock', 4_000]] },
          { label: 'implement stock', type: 'implement', parts: [['git', 90_000]] },
        ],
      },
    ]),
  );
  const found = (text: string, costs?: Map<number, number>): number[] | undefined => {
    const meant = meantBy(parseFilter(text), model, 100_000, costs);
    return meant === undefined ? undefined : [...meant.tasks.entries()].filter(([, isMeant]) => isMeant === 1).map(([row]) => row);
  };

  test.each([
    ['', undefined],
    ['cart', [0, 1]],
    ['CART review', [1]],
    ['type:implement', [0, 2]],
    ['type:implement type:review', [0, 1, 2]],
    ['>30s', [0, 2]],
    ['>1m', [2]],
    ['<5000ms', [1]],
    ['<4s', []],
    ['state:failed', []],
    ['state:done cart', [0, 1]],
    ['nothing like it', []],
  ])('%j means tasks %j', (text, rows) => {
    expect(found(text)).toEqual(rows);
  });

  test('asks for costs only where they are known', () => {
    expect(found('cost>0.10')).toEqual([]);
    expect(
      found(
        'cost>0.10',
        new Map([
          [0, 0.1],
          [2, 0.11],
        ]),
      ),
    ).toEqual([2]);
  });

  test('a state that is a category names it, short or whole, and leaves the tasks alone', () => {
    const named = (text: string): string[] => {
      const meant = meantBy(parseFilter(text), model, 0);
      return model.categories.filter((_, at) => meant?.categories[at] === 1);
    };
    expect(named('state:wait:lock')).toEqual(['wait:lock']);
    expect(named('state:lock')).toEqual(['wait:lock']);
    expect(named('state:wait')).toEqual(model.categories.filter((name) => name.startsWith('wait:')));
    expect(meantBy(parseFilter('state:llm'), model, 0)?.isOfTasks).toBe(false);
  });

  test('a click on the legend keeps one, a second click all, and Shift adds and takes away', () => {
    expect(withCategory('cart', 'llm', false)).toBe('cart state:llm');
    expect(withCategory('cart state:llm', 'llm', false)).toBe('cart');
    expect(withCategory('cart state:llm', 'git', false)).toBe('cart state:git');
    expect(withCategory('state:llm', 'wait:lock', true)).toBe('state:llm state:wait:lock');
    expect(withCategory('state:llm state:wait:lock', 'llm', true)).toBe('state:wait:lock');
    expect(withCategory('state:failed state:llm', 'llm', false)).toBe('state:failed');
  });
});
