/** Policies change in all processes and threads of a run while it runs, whole or not at all. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandFile, runProgram, startProgram, startSink, type RunningProgram, type Sink } from '../harness/index.ts';
import { logsOf, metricPointsOf, spansOf } from '../harness/received.ts';
import { api, countOf, endpointOf, patient, totalOf, ways, type Way } from './programs.ts';

const TASKS = 200;
const ROLES = ['main', 'child', 'thread'];
const CANARY = 'canary-of-content';

const swarm = `
const { once } = require('node:events'); const { spawn, execFileSync } = require('node:child_process'); const { Worker, isMainThread } = require('node:worker_threads');
const { changePolicies, currentPolicies, rollBackPolicies, withTask, withTool } = require(${api});
const role = isMainThread ? (process.argv[2] ?? 'main') : 'thread';
const say = (what, told = '') => console.log(what, role, told);
const inForce = async (version) => { while (currentPolicies().version < version) await new Promise((resolve) => setTimeout(resolve, 5)); };
const tasks = async (type, count) => { for (let i = 0; i < count; i += 1) await withTask(type, () => withTool('inner', async () => 1)); };
(async () => {
  await tasks('before', 1);
  if (role === 'late') return say('late', JSON.stringify(currentPolicies()));
  const others = role === 'main' ? [once(spawn(process.execPath, [__filename, 'child'], { stdio: 'inherit' }), 'exit'), once(new Worker(__filename), 'exit')] : [];
  say('ready');
  await inForce(2);
  await tasks('sampled', ${TASKS});
  say('sampled');
  await inForce(3);
  await tasks('after', 1);
  say('after');
  await inForce(4);
  if (role === 'child') {
    // Of a member: the root is asked.
    say('rolled back', JSON.stringify(await rollBackPolicies(3)));
    say('refused', JSON.stringify([await changePolicies({ sampling: 2 }), await changePolicies({ endpoint: 'http://x' }), await rollBackPolicies(99)]));
    await changePolicies({ content: 'SPAN_ONLY', observersOff: ['child-process'] });
    await inForce(6);
    await withTool({ name: 'told', arguments: { text: '${CANARY}-on' } }, () => 1);
    execFileSync(process.execPath, ['-e', '0']);
    await changePolicies({ content: null, observersOff: null });
    await withTool({ name: 'told', arguments: { text: '${CANARY}-off' } }, () => 1);
  }
  if (role === 'main') {
    await inForce(7);
    await once(spawn(process.execPath, [__filename, 'late'], { stdio: 'inherit' }), 'exit');
  }
  await Promise.all(others);
})();
`;

const start = (way: Way, sink: Sink): RunningProgram => {
  const files = { 'main.cjs': swarm, 'swarmscope.config.json': JSON.stringify({ policies: { sampling: 1 } }) };
  const env = { ...patient, SWARMSCOPE_HOST_METRICS: 'false', OTEL_METRIC_EXPORT_INTERVAL: '1000' };
  if (way === 'with the preload alone') return startProgram({ files, env: { ...env, ...endpointOf(sink) } });
  const args = [commandFile, 'run', '--quiet', '--export', sink.url, '--', process.execPath, 'main.cjs'];
  return startProgram({ files, env, preload: 'none', command: process.execPath, args });
};

/** As an editor saves: beside the file, and renamed into its place. */
function save(folder: string, text: string): void {
  writeFileSync(join(folder, 'beside'), text);
  renameSync(join(folder, 'beside'), join(folder, 'swarmscope.config.json'));
}

describe.each(ways)('%s', (way) => {
  let sink: Sink;
  let output: string;
  let doctor: { policies: { versions: { version: number; pids: number[] }[] }[] };

  beforeAll(async () => {
    sink = await startSink();
    const running = start(way, sink);
    const { folder, home } = running;
    const all = async (word: string): Promise<unknown> =>
      Promise.all(ROLES.map((role) => running.printed(new RegExp(`^${word} ${role}`, 'm'))));
    const refused = async (field: string): Promise<void> =>
      sink.arrived(() => logsOf(sink).some(({ attributes }) => attributes['swarmscope.policy.field'] === field));
    await all('ready');
    save(folder, JSON.stringify({ policies: { sampling: 0.25 } }));
    await all('sampled');
    save(folder, JSON.stringify({ policies: { sampling: -1 } }));
    await refused('policies.sampling');
    if (way === 'under swarmscope run') {
      running.child.kill('SIGUSR1');
      await sink.arrived(() => logsOf(sink).some(({ attributes }) => attributes['swarmscope.policy.source'] === 'signal'));
    }
    writeFileSync(join(folder, 'swarmscope.config.json'), '{"policies": {"sampling": 1');
    await refused('swarmscope.config.json');
    save(folder, JSON.stringify({ policies: { sampling: 1 } }));
    await all('after');
    const env = { HOME: home, XDG_STATE_HOME: join(home, '.local/state'), XDG_DATA_HOME: join(home, '.local/share') };
    const examine = async (): Promise<typeof doctor> =>
      JSON.parse(
        (await runProgram({ preload: 'none', command: process.execPath, args: [commandFile, 'doctor', '--json', '-'], env })).stdout,
      ) as typeof doctor;
    // Status files are written within a second. main and its child; the supervisor is a third one.
    const inForce = [{ version: 3, pids: way === 'under swarmscope run' ? 3 : 2 }];
    do doctor = await examine();
    while (
      !isDeepStrictEqual(
        doctor.policies[0]?.versions.map(({ version, pids }) => ({ version, pids: pids.length })),
        inForce,
      )
    );
    save(folder, JSON.stringify({ policies: { sampling: 0.5 } }));
    output = (await running.finished).stdout;
    await sink.close();
  }, 300_000);

  const named = (name: string) => spansOf(sink).filter((span) => span.name === name);
  const answerOf = (word: string): unknown => JSON.parse(new RegExp(`^${word} \\w+ (.*)$`, 'm').exec(output)?.[1] ?? 'null');

  test('a share of the tasks of each process and thread has spans, whole ones, in traces of their own', () => {
    const sampled = named('run_task sampled');
    // Five standard deviations around a quarter of them.
    expect(sampled.length).toBeGreaterThan(90);
    expect(sampled.length).toBeLessThan(210);
    const tools = named('execute_tool inner').filter(({ traceId }) => sampled.some((task) => task.traceId === traceId));
    expect(new Set(tools.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(sampled.map(({ spanId }) => spanId)));
    expect(new Set(sampled.map(({ traceId }) => traceId)).size).toBe(sampled.length);
  });

  test('metrics count all of them', () => {
    // before (and late), sampled, after
    expect(countOf(metricPointsOf(sink), 'swarmscope.task.duration')).toBe(4 + ROLES.length * (TASKS + 1));
  });

  test('what is wrong is refused, and the version before stays in force', () => {
    expect(named('run_task after')).toHaveLength(ROLES.length);
    const outcome = (outcome: string): number =>
      totalOf(metricPointsOf(sink), 'swarmscope.policy.changes', { 'swarmscope.policy.change.outcome': outcome });
    // At the start, three saved, one rolled back, two by a program.
    expect([outcome('accepted'), outcome('refused')]).toEqual([7, way === 'under swarmscope run' ? 6 : 5]);
    expect(answerOf('refused')).toEqual([
      { version: 5, problem: 'policies.sampling: expected a number from 0 to 1, received 2' },
      {
        version: 5,
        problem: expect.stringMatching(/^policies\.endpoint: expected one of sampling, .*, received an unknown name$/) as unknown,
      },
      { version: 5, problem: 'version: expected a version from 0 to 5, received 99' },
    ]);
  });

  test('each change is told as an event with its version', () => {
    const changed = logsOf(sink).filter(({ eventName }) => eventName === 'swarmscope.policy.changed');
    const told = changed.map(({ attributes: at }) => [
      at['swarmscope.policy.version'],
      at['swarmscope.policy.source'],
      at['swarmscope.policy.sampling'],
    ]);
    expect(told.toSorted()).toEqual([
      ['1', 'file', 1],
      ['2', 'file', 0.25],
      ['3', 'file', 1],
      ['4', 'file', 0.5],
      ['5', 'rollback', 1],
      ['6', 'api', 1],
      ['7', 'api', 1],
    ]);
  });

  test('an earlier version is in force again under a new one, also for a process that starts later', () => {
    expect(answerOf('rolled back')).toEqual({ version: 5 });
    expect(answerOf('late')).toEqual({ version: 7, policies: { sampling: 1 } });
  });

  test('content and observers are switched on and off', () => {
    const told = named('execute_tool told').map(({ attributes }) => attributes['gen_ai.tool.call.arguments']);
    expect(told).toEqual([expect.stringContaining(`${CANARY}-on`), undefined]);
    // The child that main started at first, and the late one. What is left out is in the process table all the same.
    const observed = named('node').filter(({ attributes }) => attributes['swarmscope.process.observer'] !== 'process_table');
    expect(observed).toHaveLength(2);
  });

  test('doctor shows which version is in force in which process', () => {
    expect(doctor.policies).toHaveLength(1);
    expect(new Set(doctor.policies[0]?.versions[0]?.pids).size).toBe(way === 'under swarmscope run' ? 3 : 2);
  });
});
