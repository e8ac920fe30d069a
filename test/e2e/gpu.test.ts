/** GPUs end to end: memory of each process goes to the worker, the kind of task and the agent that it was started for; each device is told once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { MetricPointRow } from '../../src/viewer/receive/rows/index.ts';
import { commandFile, startProgram, startSink, type RunningProgram, type Sink } from '../harness/index.ts';
import { metricPointsOf } from '../harness/received.ts';
import { fakeTool, type FakeTool } from '../machine/gpu/fake-smi.ts';
import { plain } from '../machine/gpu/captures.ts';
import { api, endpointOf, patient, ways, type Way } from './programs.ts';

const MIB = 1_048_576;
const USAGE = 'swarmscope.worker.gpu.memory.usage';

/** Two workers, one of them with a child of its own that has another task, a bystander in no task; each prints its name and pid. */
const swarm = `
const { once } = require('node:events'); const { spawn } = require('node:child_process'); const { existsSync } = require('node:fs');
const { withAgent, withTask } = require(${api});
const say = (name) => console.log(name + '=' + process.pid + ';');
const child = (name) => once(spawn(process.execPath, [__filename, name], { stdio: 'inherit' }), 'exit');
const untilEnd = () => { const timer = setInterval(() => { if (existsSync('end')) process.exit(); }, 50); process.on('SIGTERM', () => { clearInterval(timer); process.exit(); }); };
const name = process.argv[2];
if (name === undefined) {
  say('main');
  setInterval(() => { if (existsSync('end')) process.exit(); }, 50);
  child('bystander');
  withTask({ type: 'train', worker: 'w-1' }, () => child('trainer'));
  withAgent('coder', () => withTask({ type: 'implement', worker: 'w-2' }, () => child('implementer')));
} else {
  say(name);
  if (name === 'implementer') withTask({ type: 'embed' }, () => child('embedder'));
  untilEnd();
}
`;

function start(way: Way, sink: Sink, tool: FakeTool): RunningProgram {
  const env = {
    ...patient,
    PATH: `${tool.folder}:${process.env['PATH'] ?? ''}`,
    SWARMSCOPE_GPU: 'nvidia',
    SWARMSCOPE_GPU_INTERVAL: '200',
    SWARMSCOPE_HOST_METRICS: 'false',
    OTEL_METRIC_EXPORT_INTERVAL: '200',
  };
  const files = { 'main.cjs': swarm };
  return way === 'with the preload alone'
    ? startProgram({ files, env: { ...endpointOf(sink), ...env } })
    : startProgram({
        files,
        preload: 'none',
        command: process.execPath,
        args: [commandFile, 'run', '--quiet', '--export', sink.url, '--', process.execPath, 'main.cjs'],
        env,
      });
}

const NAMES = ['main', 'bystander', 'trainer', 'implementer', 'embedder'] as const;

/** When each has printed its pid. */
async function pidsOf(program: RunningProgram): Promise<Record<(typeof NAMES)[number], number>> {
  let text = '';
  program.child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await Promise.all(NAMES.map((name) => program.printed(new RegExp(`${name}=\\d+;`))));
  return Object.fromEntries(NAMES.map((name) => [name, Number(new RegExp(`${name}=(\\d+);`).exec(text)?.[1])])) as never;
}

test('a tracker without a preload tells the GPU memory that its process and its children hold', async () => {
  const tool = fakeTool('nvidia-smi', 'loops', plain([{ id: 'GPU-a', processes: [] }]));
  const program = startProgram({
    preload: 'none',
    files: {
      'main.cjs': `
const { captureResourceSnapshot, ResourceTracker } = require(${api});
const { spawn } = require('node:child_process');
const tracker = new ResourceTracker().start();
const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'inherit', 'inherit'] });
console.log('main=' + process.pid + ';child=' + child.pid + ';');
const timer = setInterval(() => {
  const { gpuVramUsedBytes, hasGpu } = captureResourceSnapshot();
  if (gpuVramUsedBytes === 0) return;
  clearInterval(timer);
  child.kill();
  console.log(JSON.stringify({ hasGpu, now: gpuVramUsedBytes / ${MIB}, most: tracker.stop().gpuVramUsedBytes / ${MIB} }));
}, 20);`,
    },
    env: { PATH: `${tool.folder}:${process.env['PATH'] ?? ''}`, SWARMSCOPE_GPU: 'nvidia', SWARMSCOPE_GPU_INTERVAL: '200' },
  });
  let text = '';
  program.child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await program.printed(/child=\d+;/);
  const [, main, child] = /main=(\d+);child=(\d+);/.exec(text) ?? [];
  const pids = [main, child].map(Number);
  tool.print(plain([{ id: 'GPU-a', processes: [...pids, process.pid].map((pid, at) => ({ pid, mib: 10 ** (at + 1) })) }]));
  const { code, stdout } = await program.finished;
  expect(code).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({ hasGpu: true, now: 110, most: 110 });
});

const useOf = ({ attributes, value }: MetricPointRow): unknown[] => [
  attributes['hw.id'],
  attributes['swarmscope.worker.id'],
  attributes['swarmscope.task.type'],
  attributes['gen_ai.agent.name'],
  value / MIB,
];

describe.each(ways)('%s', (way) => {
  test('memory goes to the worker, the kind of task and the agent, in processes of children too', async () => {
    const sink = await startSink();
    const tool = fakeTool('nvidia-smi', 'loops', plain([]));
    const program = start(way, sink, tool);
    const pids = await pidsOf(program);
    const other = { pid: process.pid, mib: 4_000 };
    tool.print(
      plain([
        { id: 'GPU-a', processes: [{ pid: pids.trainer, mib: 100 }, { pid: pids.main, mib: 1 }, other] },
        { id: 'GPU-b', processes: [pids.implementer, pids.embedder, pids.bystander].map((pid, at) => ({ pid, mib: 10 * (at + 1) })) },
      ]),
    );
    await sink.arrived(() => metricPointsOf(sink).filter(({ name }) => name === USAGE).length >= 5);
    writeFileSync(join(program.folder, 'end'), '');
    const { code } = await program.finished;
    await sink.close();
    expect(code).toBe(0);
    const points = metricPointsOf(sink);
    const uses = [...new Set(points.filter(({ name }) => name === USAGE).map((point) => JSON.stringify(useOf(point))))].sort();
    expect(uses.map((use) => JSON.parse(use) as unknown)).toEqual([
      ['GPU-a', 'w-1', 'train', null, 100],
      // The program itself is the root of the run, or works for no task.
      ['GPU-a', null, null, null, 1],
      ['GPU-b', 'w-2', 'embed', 'coder', 20],
      ['GPU-b', 'w-2', 'implement', 'coder', 10],
      ['GPU-b', null, null, null, 30],
    ]);
    // One series a device, although every process of the run records.
    const devices = points.filter(({ name }) => name === 'hw.gpu.memory.usage');
    expect(new Set(devices.map(({ attributes }) => attributes['hw.id']))).toEqual(new Set(['GPU-a', 'GPU-b']));
    expect(new Set(devices.map(({ instanceId }) => instanceId))).toHaveProperty('size', 1);
  });
});
