/** `swarmscope events`: what a program told and what its agents and tools did, of a stored run and of one that goes on. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, runProgram, startProgram } from '../harness/index.ts';
import { api } from './programs.ts';

const program = `
const { emit, withAgent, withTask, withTool } = require(${api});
withTask({ type: 'implement', id: 't-1' }, () => withAgent('coder', async () => {
  emit({ kind: 'agent.handoff', from: 'planner', to: 'coder', reason: 'plan_is_ready' });
  await withTool('run_tests', async () => 1);
  await withTool('deploy', async () => { throw new Error('no'); }).catch(() => undefined);
  emit({ kind: 'approval.required', task: 't-2' });
  console.log('told');
  await new Promise((resolve) => process.stdin.on('data', resolve).once('end', resolve));
  emit({ kind: 'task.stage_changed', stage: 'review', previousStage: 'build' });
}));
`;

interface Told {
  readonly kind: string;
  readonly agent?: string;
  readonly task?: string;
  readonly spanId?: string;
  readonly attributes: Record<string, unknown>;
}

describe('swarmscope events', () => {
  let home: Record<string, string>;
  let followed: string;

  const events = async (...args: string[]) =>
    runProgram({ preload: 'none', command: process.execPath, args: [commandFile, 'events', ...args], env: home });
  const told = async (...args: string[]): Promise<Told[]> => {
    const { stdout, stderr, code } = await events(...args, '--json', '-');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    return (JSON.parse(stdout) as { events: Told[] }).events;
  };

  beforeAll(async () => {
    ensureBuilt();
    const running = startProgram({
      preload: 'none',
      files: { 'main.cjs': program },
      command: process.execPath,
      args: [commandFile, 'run', '--quiet', '--', process.execPath, 'main.cjs'],
    });
    home = { XDG_DATA_HOME: `${running.home}/.local/share`, XDG_STATE_HOME: `${running.home}/.local/state` };
    await running.finished;
    followed = (await events('--follow', '--json', '-')).stdout;
  }, 300_000);

  test('lists what was told and what agents and tools did, by time', async () => {
    expect((await told()).map(({ kind }) => kind)).toEqual([
      'agent.invoked',
      'agent.handoff',
      'tool.used',
      'tool.error',
      'approval.required',
      'task.stage_changed',
      'agent.completed',
    ]);
  });

  test('of one agent, one task, one kind', async () => {
    expect((await told('--agent', 'coder', '--kind', 'tool.error')).map(({ attributes }) => attributes['gen_ai.tool.name'])).toEqual([
      'deploy',
    ]);
    expect((await told('--task', 't-2')).map(({ kind }) => kind)).toEqual(['approval.required']);
    expect(await told('--agent', 'nobody')).toEqual([]);
    const [handoff] = await told('--kind', 'agent.handoff');
    expect(handoff).toMatchObject({ agent: 'coder', task: 't-1', attributes: { 'swarmscope.handoff.source.name': 'planner' } });
    expect(handoff?.spanId).toMatch(/^[\da-f]{16}$/);
  });

  test('as lines for people, and as a line of JSON each for whoever follows', async () => {
    const { stdout } = await events('--kind', 'agent.handoff');
    expect(stdout).toMatch(/^\d{4}-\S+Z {2}agent\.handoff +agent=coder {2}task=t-1 .*event\.reason=plan_is_ready\n$/);
    const lines = followed
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Told).kind);
    expect(lines).toEqual(expect.arrayContaining(['agent.invoked', 'agent.completed', 'task.stage_changed']));
  });

  test('a time that is none is refused', async () => {
    const { code, stderr } = await events('--since', 'yesterday');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--since: expected 30m') as unknown });
  });
});
