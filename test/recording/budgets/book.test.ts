/** The budgets of a run: who is charged, what is told when, and what is refused. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { BudgetBook } from '../../../src/recording/budgets/index.ts';
import { readMessage } from '../../../src/recording/budgets/read.ts';
import type { BudgetMessage, BudgetNotice } from '../../../src/recording/budgets/types.ts';

let counts: Record<string, number>;
let notices: BudgetNotice[];
let told: BudgetMessage[];
let now: number;

function newBook({ isRoot = true, inherited = [] as string[], shared = told } = {}): BudgetBook {
  const book = new BudgetBook({
    count: (name) => (counts[name] = (counts[name] ?? 0) + 1),
    onNotice: (notice) => notices.push(notice),
    inherited,
    now: () => now,
  });
  let at = 0;
  const link = {
    isRoot,
    // As over a file: what is told comes back as JSON.
    tell: (message: BudgetMessage) => shared.push(JSON.parse(JSON.stringify(message)) as BudgetMessage) > 0,
    hasAny: () => shared.length > 0,
    news: () => shared.slice(at, (at = shared.length)).filter((message) => isRoot || !('charge' in message)),
  };
  book.connect(link, () => undefined);
  return book;
}

const spend = (book: BudgetBook, tokens: number, under: { agents?: string[]; tasks?: string[] } = {}): void =>
  book.charge({ spent: { tokens, usd: tokens / 1_000 }, agents: [], tasks: [], traceId: 't', spanId: 's', ...under });
const usage = (book: BudgetBook): Record<string, number> => {
  book.refresh();
  return Object.fromEntries([...book.levels()].map(({ name, kind, usage: used }) => [`${name} ${kind}`, used]));
};

beforeEach(() => {
  [counts, notices, told, now] = [{}, [], [], 100_000];
});

describe('a call is charged', () => {
  test('to every budget that names its agent or task, and to all above, once', () => {
    const book = newBook();
    book.declare({ name: 'run', tokens: 1_000, usd: 1 });
    book.declare({ name: 'coders', parent: 'run', agent: 'coder', tokens: 500 });
    book.declare({ name: 'task', parent: 'coders', task: 't-1', tokens: 100 });
    spend(book, 10, { agents: ['coder'], tasks: ['t-1', 'implement'] });
    spend(book, 20, { agents: ['coder'], tasks: ['t-2', 'implement'] });
    spend(book, 40, { agents: ['reviewer'], tasks: [] });
    expect(usage(book)).toEqual({ 'run token': 70, 'run cost': 0.07, 'coders token': 30, 'task token': 10 });
  });

  test('to a budget of an agent and a task only where both are there, and by the type of a task too', () => {
    const book = newBook();
    book.declare({ name: 'both', agent: 'coder', task: 'review', tokens: 100 });
    book.declare({ name: 'type', task: 'review', tokens: 10 });
    spend(book, 5, { agents: ['coder'], tasks: ['t-1', 'implement'] });
    spend(book, 7, { agents: ['tester'], tasks: ['t-2', 'review'] });
    expect(usage(book)).toEqual({ 'both token': 0, 'type token': 7 });
    spend(book, 7, { agents: ['sub', 'coder'], tasks: ['t-2', 'review'] });
    expect(usage(book)).toEqual({ 'both token': 7, 'type token': 14 });
  });

  test('in another process, also to what that process was started under', () => {
    const root = newBook();
    root.declare({ name: 'coders', agent: 'coder', tokens: 100 });
    const child = newBook({ isRoot: false, inherited: ['coders'] });
    spend(child, 60);
    const stranger = newBook({ isRoot: false });
    spend(stranger, 60);
    expect(usage(root)).toEqual({ 'coders token': 60 });
    expect(notices.map(({ threshold }) => threshold)).toEqual([50]);
  });
});

describe('a budget of time is charged with the time in which its work is under way', () => {
  type Frame = Parameters<BudgetBook['workStarted']>[0]['frame'];
  const workIn = (startTime: number, { agent = '', task = '' }): Parameters<BudgetBook['workStarted']>[0] => ({
    startTime,
    traceId: 't',
    spanId: `${agent}${task}`,
    frame: {
      parent: undefined,
      agent: agent === '' ? undefined : { name: agent },
      task: task === '' ? undefined : { id: task, type: 'work', outer: undefined },
    } as unknown as Frame,
  });

  test('as it passes, so that an overrun is told before the work has ended', () => {
    const book = newBook();
    book.declare({ name: 'slow', task: 'one', seconds: 10 });
    book.workStarted(workIn(now, { task: 'one' }));
    now += 4_999;
    book.chargeOpenWork();
    expect(notices).toEqual([]);
    now += 1;
    book.chargeOpenWork();
    expect(notices).toMatchObject([{ name: 'slow', kind: 'time', threshold: 50, amount: 5, spanId: 'one' }]);
    expect(usage(book)).toEqual({ 'slow time': 5 });
  });

  test('what is at the same time counts once, also in the budget above', () => {
    const book = newBook();
    book.declare({ name: 'run', seconds: 100 });
    book.declare({ name: 'coders', parent: 'run', agent: 'coder', seconds: 100 });
    const works = [0, 1_000, 2_000].map((delay) => workIn(now + delay, { agent: 'coder', task: `${delay}` }));
    for (const work of works) book.workStarted(work);
    for (const work of works) book.workEnded(work, work.startTime + 3_000);
    expect(usage(book)).toEqual({ 'run time': 5, 'coders time': 5 });
  });

  test('in two processes at the same time it counts once, and what another process ends is told once', () => {
    const root = newBook();
    root.declare({ name: 'run', seconds: 100 });
    const [one, other] = [newBook({ isRoot: false }), newBook({ isRoot: false })];
    for (const [book, delay] of [
      [one, 0],
      [other, 500],
    ] as const) {
      const work = workIn(now + delay, { task: 'x' });
      book.workStarted(work);
      book.workEnded(work, now + 2_000);
    }
    expect(usage(root)).toEqual({ 'run time': 2 });
  });

  test('not with what passed before it was declared, and an LLM call without a task counts for itself', () => {
    const book = newBook();
    const work = workIn(now - 60_000, { task: 'x' });
    book.workStarted(work);
    book.declare({ name: 'run', seconds: 100 });
    book.workEnded(work, now + 1_000);
    const time = { from: now + 5_000, to: now + 7_000 };
    book.charge({ spent: { tokens: 1, usd: 0 }, time, agents: [], tasks: [], traceId: 't', spanId: 's' });
    expect(usage(book)).toEqual({ 'run time': 3 });
  });
});

test('each threshold is told once, at the call that reaches it', () => {
  const book = newBook();
  book.declare({ name: 'run', tokens: 100 });
  for (let call = 1; call <= 12; call += 1) spend(book, 10);
  expect(notices).toMatchObject([
    { threshold: 50, amount: 50, limit: 100, kind: 'token', name: 'run', traceId: 't', spanId: 's' },
    { threshold: 80, amount: 80 },
    { threshold: 100, amount: 100 },
  ]);
});

test('sums of fractions reach the threshold that they are meant to reach', () => {
  const book = newBook();
  book.declare({ name: 'run', usd: 0.3 });
  for (let call = 0; call < 3; call += 1) spend(book, 100);
  expect(notices.map(({ threshold }) => threshold)).toEqual([50, 80, 100]);
});

describe('allocations', () => {
  test('more than the budget has are told, and what is released may be given again', () => {
    const book = newBook();
    book.declare({ name: 'run', tokens: 100 });
    const first = book.allocate({ budget: 'run', task: 'a', tokens: 60 });
    expect(notices).toEqual([]);
    book.allocate({ budget: 'run', task: 'b', tokens: 60 });
    expect(notices).toMatchObject([{ what: 'overallocated', name: 'run', amount: 120, limit: 100 }]);
    expect(book.release(first)).toBeUndefined();
    book.allocate({ budget: 'run', tokens: 40 });
    expect(notices).toHaveLength(1);
  });

  test('limits of children that are more than their parent has are told', () => {
    const book = newBook();
    book.declare({ name: 'run', usd: 1 });
    book.declare({ name: 'a', parent: 'run', usd: 0.6 });
    book.declare({ name: 'b', parent: 'run', usd: 0.6 });
    expect(notices).toMatchObject([{ what: 'overallocated', name: 'run', kind: 'cost', amount: 1.2 }]);
  });

  test('released by another process than the one that took them', () => {
    const root = newBook();
    root.declare({ name: 'run', tokens: 100 });
    const held = newBook({ isRoot: false }).allocate({ budget: 'run', tokens: 90 });
    expect(newBook({ isRoot: false }).release(held)).toBeUndefined();
    root.allocate({ budget: 'run', tokens: 90 });
    expect(notices).toEqual([]);
  });
});

describe('refused, counted, and told by the name of the field:', () => {
  test.each([
    [{ name: 'x', tokens: -1 }, 'budget "x": tokens: expected a number above 0, received -1'],
    [{ name: 'x', usd: NaN }, 'budget "x": usd: expected a number above 0, received NaN'],
    [{ name: 'x', seconds: 0 }, 'budget "x": seconds: expected a number above 0, received 0'],
    [{ name: 'x', tokens: Infinity }, 'budget "x": tokens: expected a number above 0, received Infinity'],
    [{ name: 'x', tokens: '9' }, 'budget "x": tokens: expected a number above 0, received "9"'],
    [{ name: 'x' }, 'budget "x": tokens: expected a limit in tokens, usd or seconds, received nothing'],
    [{ name: '', tokens: 1 }, 'budget: name: expected a text that is not empty, received ""'],
    [{ tokens: 1 }, 'budget: name: expected a text that is not empty, received nothing'],
    [{ name: 'x', tokens: 1, agent: 7 }, 'budget "x": agent: expected a text that is not empty, received 7'],
    [{ name: 'x', tokens: 1, parent: 'nobody' }, 'budget "x": parent: expected the name of a declared budget, received "nobody"'],
    [{ name: 'x', tokens: 1, parent: 'x' }, 'budget "x": parent: expected another budget than itself, received "x"'],
    [{ name: 'run', tokens: 1 }, 'budget "run": name: expected a name that no other budget has, received "run"'],
    [null, 'budget: expected an object with a name and a limit, received object'],
  ])('%j', (given, problem) => {
    const book = newBook();
    book.declare({ name: 'run', tokens: 100 });
    expect(book.declare(given).problem).toBe(problem);
    expect(counts['budget.refused']).toBe(1);
    expect(book.problems).toHaveLength(1);
    expect(Object.keys(usage(book))).toEqual(['run token']);
  });

  test('an allocation from a budget that nobody declared, a release of what is not held, and one that comes twice', () => {
    const book = newBook();
    book.declare({ name: 'run', tokens: 100 });
    expect(book.allocate({ budget: 'nobody', tokens: 1 }).problem).toMatch(/^allocation of "nobody": budget: /);
    expect(book.allocate({ budget: 'run', tokens: -1 }).problem).toMatch(/^allocation of "run": tokens: /);
    expect(book.release({ id: 'x', budget: 'run' })).toBe(
      'release of "run": id: expected an open allocation, received one that is not open',
    );
    const held = book.allocate({ budget: 'run', tokens: 1 });
    expect([book.release(held), book.release(held)]).toEqual([undefined, expect.stringContaining('not open')]);
    expect(counts['budget.refused']).toBe(4);
  });

  test('the same declaration again changes nothing and is no fault', () => {
    const book = newBook();
    for (let time = 0; time < 2; time += 1) expect(book.declare({ name: 'run', tokens: 100 })).toEqual({ name: 'run' });
    expect(counts).toEqual({ 'budget.declared-again': 1 });
  });
});

test('budgets of a file may come in any order; a cycle is refused, and the rest is taken', () => {
  const book = newBook();
  const problems = book.declareAll([
    { name: 'child', parent: 'run', tokens: 10 },
    { name: 'a', parent: 'b', tokens: 1 },
    { name: 'b', parent: 'a', tokens: 1 },
    { name: 'run', tokens: 100 },
  ]);
  expect(Object.keys(usage(book)).toSorted()).toEqual(['child token', 'run token']);
  expect(problems).toEqual([
    'budget "a": parent: expected no cycle of parents, received "b"',
    'budget "b": parent: expected no cycle of parents, received "a"',
  ]);
});

test('of two processes that declare one name at the same time the first is kept', () => {
  const root = newBook();
  told.push({ declare: { name: 'run', tokens: 100 } }, { declare: { name: 'run', tokens: 200 } });
  expect(usage(root)).toEqual({ 'run token': 0 });
  expect([...root.levels()]).toMatchObject([{ limit: 100 }]);
  expect(counts).toEqual({ 'budget.refused': 1 });
});

test('a line that is no message of ours is none', () => {
  const bad = [
    7,
    null,
    {},
    { charge: { budgets: ['x'], spent: { tokens: -1, usd: 0 } } },
    { charge: { budgets: ['x'], spent: { tokens: 1, usd: 0 }, time: { from: 2, to: 1 } } },
    { charge: { budgets: ['x'], spent: { tokens: 1, usd: 0 }, time: { from: NaN, to: 1 } } },
    { declare: { name: 'x' } },
    { release: 7 },
  ];
  expect(bad.map(readMessage)).toEqual(bad.map(() => undefined));
  expect(readMessage({ charge: { budgets: ['x'], spent: { tokens: 1, usd: 0 } } })).toBeDefined();
});
