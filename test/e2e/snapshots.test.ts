/** `swarmscope snapshot`: what a real run kept of how it stood, by call and at the ends of its phases, shown and compared. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, runProgram, startProgram } from '../harness/index.ts';
import { api } from './programs.ts';

const program = `
const { budget, optimization, route, snapshot, withAgent, withPhase, withTask, trackQueue } = require(${api});
const held = () => { let release; const until = new Promise((resolve) => { release = resolve; }); return { until, release }; };
budget({ name: 'run', tokens: 1000 });
route({ tier: 'small', model: 'gpt-4o-mini', reason: 'short', complexity: 0.2 });
optimization({ optimizer: 'trim-history', tokensBefore: 1200, tokensAfter: 300 });
const waiting = ['e', 'f'];
trackQueue({ name: 'ideas', size: () => waiting.length });
(async () => {
  const [first, second] = [held(), held()];
  const one = withTask({ type: 'implement', id: 'cart' }, () => withAgent('coder', () => first.until));
  const two = withTask({ type: 'review', id: 'stock' }, () => second.until);
  const problem = snapshot('start', { wave: 1, todo: ['a', 'b'], note: 'the first wave is under way', handler: () => 1 });
  console.log(problem);
  first.release();
  await one;
  await withPhase('build', async () => { waiting.pop(); });
  snapshot('end', { wave: 2, todo: ['b', 'c'] });
  second.release();
  await two;
})();
`;

interface Shown {
  readonly name: string;
  readonly state?: unknown;
  readonly running: { readonly count: number; readonly tasks: readonly { readonly id: string }[] };
  readonly open: { readonly agents: unknown; readonly phases: unknown };
  readonly spent: { readonly budgets: unknown };
  readonly planned: { readonly count: number; readonly queues: unknown };
}

describe('swarmscope snapshot', () => {
  let home: Record<string, string>;
  let printed: string;

  const snapshot = async (...args: string[]) =>
    runProgram({ preload: 'none', command: process.execPath, args: [commandFile, 'snapshot', ...args], env: home });
  const json = async (...args: string[]): Promise<unknown> => {
    const { stdout, stderr, code } = await snapshot(...args, '--json', '-');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    ensureBuilt();
    const run = startProgram({
      preload: 'none',
      files: { 'main.cjs': program },
      command: process.execPath,
      args: [commandFile, 'run', '--quiet', '--', process.execPath, 'main.cjs'],
    });
    home = { XDG_DATA_HOME: `${run.home}/.local/share`, XDG_STATE_HOME: `${run.home}/.local/state` };
    printed = (await run.finished).stdout;
  }, 300_000);

  test('the program is told what was left out of its state, and goes on', () => {
    expect(printed).toContain('snapshot "start": state: 1 values were left out');
  });

  test('show has what ran, was open, spent and planned, and the state', async () => {
    const shown = (await json('show', 'start')) as Shown;
    expect(shown).toMatchObject({
      name: 'start',
      trigger: 'call',
      omitted: 1,
      running: {
        count: 2,
        tasks: [
          { id: 'cart', type: 'implement' },
          { id: 'stock', type: 'review' },
        ],
      },
      open: { agents: [{ name: 'coder', task: 'cart' }], phases: [] },
      spent: { llmCalls: 0, budgets: [{ name: 'run', kind: 'token', limit: 1000, usage: 0 }] },
      planned: { count: 0, queues: [{ name: 'ideas', size: 2 }] },
      state: { wave: 1, todo: ['a', 'b'], note: 'the first wave is under way' },
    });
  });

  test('a phase leaves a snapshot of its name', async () => {
    expect(await json('show', 'build')).toMatchObject({
      trigger: 'phase_end',
      running: { count: 1, tasks: [{ id: 'stock' }] },
      planned: { queues: [{ name: 'ideas', size: 1 }] },
    });
  });

  test('diff has what started, what ended and what changed, of the state by its members', async () => {
    expect(await json('diff', 'start', 'end')).toMatchObject({
      from: { name: 'start', number: 1 },
      to: { name: 'end', number: 3 },
      running: { from: 2, to: 1, started: [], ended: [{ id: 'cart' }], still: [{ id: 'stock' }] },
      open: expect.arrayContaining([{ path: 'agents[0]', from: { name: 'coder', task: 'cart' } }]) as unknown,
      planned: [{ path: 'queues[0].size', from: 2, to: 1 }],
      state: [
        { path: 'wave', from: 1, to: 2 },
        { path: 'todo[]', from: 'a' },
        { path: 'todo[]', to: 'c' },
        { path: 'note', from: 'the first wave is under way' },
      ],
    });
  });

  test('as text for people: the list, one, and two of them side by side', async () => {
    const { stdout: list } = await snapshot();
    expect(list).toMatch(/^ {2}1 {2}\S+Z {2}start {2}2 running, 0 planned\n {2}2 {2}\S+ {2}build {2}end of a phase/);
    const { stdout: one } = await snapshot('show', 'start', '--run', 'latest');
    expect(one).toContain('running  2\n  implement  cart');
    expect(one).toContain('"note": "the first wave is under way"');
    const { stdout: both } = await snapshot('diff', 'start', '3');
    expect(both).toContain('running  2 -> 1: 0 started, 1 ended, 1 still at work\n  - implement  cart');
    expect(both).toContain('  todo[]  + c');
  });

  test('the report has the phases, the choices of models and the contexts that were made smaller', async () => {
    const args = [commandFile, 'report', '--json', '-'];
    const { stdout } = await runProgram({ preload: 'none', command: process.execPath, args, env: home });
    expect(JSON.parse(stdout)).toMatchObject({
      phases: [{ name: 'build', times: 1 }],
      routing: { decisions: 1, tiers: [{ tier: 'small', models: ['gpt-4o-mini'], meanComplexity: 0.2 }], reasons: [{ reason: 'short' }] },
      optimization: [{ optimizer: 'trim-history', times: 1, tokensBefore: 1200, tokensAfter: 300 }],
    });
  });

  test.each([
    [['show', 'nothing'], 1, 'has no snapshot "nothing". It has: start, build, end.'],
    [['show'], 2, 'show takes 1 names, received 0'],
    [['diff', 'start'], 2, 'diff takes 2 names, received 1'],
    [['restore', 'start'], 2, 'expected list, show or diff, received "restore"'],
    [['show', 'start', '--run', 'nothing'], 1, 'No stored run begins with "nothing"'],
  ])('%j is refused with what to do', async (args, code, why) => {
    const { stderr, code: got } = await snapshot(...args);
    expect({ stderr, code: got }).toEqual({ stderr: expect.stringContaining(why) as unknown, code });
  });
});
