/** Budgets end to end: gauges of one exact value, events of the calls that reached a threshold, also over processes and threads. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startModels, type Models } from '../harness/index.ts';
import { api, observe, totalOf, ways, type Seen } from './programs.ts';

const ANSWER = { content: 'pong', usage: { prompt_tokens: 30, completion_tokens: 20 } };
const TOKENS = 50;
let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  models.mock.onMessage(/[^]*/, ANSWER);
});
afterAll(async () => models.close());

const ask = `
const ask = async () => {
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] });
  await (await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST', body })).text();
};`;

const swarm = `
const { once } = require('node:events'); const { spawn } = require('node:child_process'); const { Worker, isMainThread } = require('node:worker_threads');
const { allocate, budget, release, withAgent, withTask } = require(${api});
${ask}
(async () => {
  if (!isMainThread || process.argv[2] === 'child') return ask();
  const answers = [
    budget({ name: 'run', tokens: 10 * ${TOKENS}, usd: 1 }),
    budget({ name: 'coders', parent: 'run', agent: 'coder', tokens: 4 * ${TOKENS}, seconds: 1000 }),
    budget({ name: 'one task', parent: 'coders', task: 't-1', tokens: 1000 }),
    budget({ name: 'wrong', tokens: -5 }),
  ];
  const held = allocate({ budget: 'one task', task: 't-1', tokens: 900 });
  allocate({ budget: 'one task', tokens: 200 });
  const problems = [...answers.map(({ problem }) => problem), release(held), release(held)];
  await ask();
  await withAgent('coder', () => withTask({ type: 'implement', id: 't-1' }, ask));
  await withAgent('coder', async () => {
    await once(spawn(process.execPath, [__filename, 'child'], { stdio: 'inherit' }), 'exit');
    await once(new Worker(__filename), 'exit');
  });
  console.log(JSON.stringify(problems.filter(Boolean)));
})();
`;

describe.each(ways)('%s', (way) => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await observe(way, { files: { 'main.cjs': swarm }, env: { ...models.env, SWARMSCOPE_HOST_METRICS: 'false' } });
  }, 300_000);
  const value = (what: string, name: string): number =>
    totalOf(seen.points, `swarmscope.budget.${what}`, { 'swarmscope.budget.name': name });

  test('limit, usage and utilisation of each budget are exact, and a child is in its parent once', () => {
    expect(seen.code).toBe(0);
    expect(value('token.usage', 'one task')).toBe(TOKENS);
    expect(value('token.limit', 'coders')).toBe(4 * TOKENS);
    expect(value('token.usage', 'run')).toBe(4 * TOKENS);
    expect(value('token.utilization', 'run')).toBeCloseTo(0.4, 9);
    expect(value('cost.limit', 'run')).toBe(1);
    expect(value('cost.usage', 'run')).toBeCloseTo(totalOf(seen.points, 'swarmscope.inference.cost'), 9);
    expect(value('time.limit', 'coders')).toBe(1000);
    expect(value('time.usage', 'coders')).toBeGreaterThan(0);
  });

  test('what a child process spends under an agent is charged to the agent', () => {
    // Its own call and that of the child; what a thread runs under is not known.
    expect(value('token.usage', 'coders')).toBe(2 * TOKENS);
  });

  test('a threshold is told as an event of the call that reached it, and counted', () => {
    const told = seen.logs.filter(({ eventName }) => eventName === 'swarmscope.budget.threshold.reached');
    expect(told.map(({ attributes }) => [attributes['swarmscope.budget.name'], attributes['swarmscope.budget.threshold']])).toEqual([
      ['coders', 50],
    ]);
    const call = seen.spans.find(({ spanId }) => spanId === told[0]?.spanId);
    expect(call?.name).toBe('chat gpt-4o');
    expect(told[0]?.attributes).toMatchObject({ 'swarmscope.budget.limit': 200, 'swarmscope.budget.amount': 100 });
    expect(totalOf(seen.points, 'swarmscope.budget.thresholds_reached')).toBe(1);
  });

  test('what is wrong is refused with the name of the field, and is in no metric', () => {
    expect(JSON.parse(seen.stdout)).toEqual([
      'budget "wrong": tokens: expected a number above 0, received -5',
      'release of "one task": id: expected an open allocation, received one that is not open',
    ]);
    expect(seen.points.filter(({ attributes }) => attributes['swarmscope.budget.name'] === 'wrong')).toEqual([]);
  });

  test('more set aside than there is is told', () => {
    const told = seen.logs.filter(({ eventName }) => eventName === 'swarmscope.budget.overallocated');
    const of = told.map(({ attributes }) => [attributes['swarmscope.budget.name'], attributes['swarmscope.budget.amount']]);
    // The task has more than its agent, and more is set aside for it than it has.
    expect(of).toEqual([
      ['coders', 1000],
      ['one task', 1100],
    ]);
    expect(totalOf(seen.points, 'swarmscope.budget.overallocations')).toBe(2);
  });
});

test.each(ways)(
  'an overrun by a child process, or by a task that goes on, is told while the run goes on, %s',
  async (way) => {
    const program = `
const { once } = require('node:events'); const { spawn } = require('node:child_process');
const { budget, withTask } = require(${api});
${ask}
(async () => {
  if (process.argv[2] === 'child') return ask();
  budget({ name: 'run', tokens: 40 });
  budget({ name: 'time', task: 'slow', seconds: 1 });
  await once(spawn(process.execPath, [__filename, 'child'], { stdio: 'inherit' }), 'exit');
  const endedAt = Date.now();
  // As long as a root may take to tell, on a machine that does other things; the end of the program is after that.
  await withTask('slow', () => new Promise((resolve) => setTimeout(resolve, 5_000)));
  console.log(endedAt);
})();`;
    const seen = await observe(way, { files: { 'main.cjs': program }, env: { ...models.env, SWARMSCOPE_HOST_METRICS: 'false' } });
    const told = seen.logs.filter(({ attributes }) => attributes['swarmscope.budget.threshold'] === 100);
    expect(told.map(({ attributes }) => attributes['swarmscope.budget.name'])).toEqual(['run', 'time']);
    // Not only at the end of the program, five seconds later.
    for (const { timeMs } of told) expect(timeMs - Number(seen.stdout)).toBeLessThan(4_500);
    const seconds = totalOf(seen.points, 'swarmscope.budget.time.usage', { 'swarmscope.budget.name': 'time' });
    expect(seconds).toBeGreaterThanOrEqual(5);
    expect(seconds).toBeLessThan(60);
  },
  300_000,
);

test.each(ways)(
  'budgets of swarmscope.config.json are in force, and what is wrong there is told, %s',
  async (way) => {
    const config = {
      budgets: [
        { name: 'child', parent: 'all', usd: 1 },
        { name: 'all', tokens: 100 },
        { name: 'bad', tokens: 0 },
      ],
    };
    const files = { 'main.cjs': `${ask}\nvoid ask();`, 'swarmscope.config.json': JSON.stringify(config) };
    const seen = await observe(way, { files, env: { ...models.env, SWARMSCOPE_HOST_METRICS: 'false' } });
    expect(totalOf(seen.points, 'swarmscope.budget.token.usage', { 'swarmscope.budget.name': 'all' })).toBe(TOKENS);
    const names = new Set(seen.points.map(({ attributes }) => attributes['swarmscope.budget.name']).filter((name) => name !== undefined));
    expect([...names].toSorted()).toEqual(['all', 'child']);
    if (way === 'under swarmscope run') expect(seen.stderr).toContain('budget "bad": tokens: expected a number above 0, received 0');
  },
  300_000,
);
