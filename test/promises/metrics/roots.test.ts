/**
 * Roots that die in the middle, threads, neighbours, nested runs, a channel that is lost: sums over all series stay
 * exact.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import {
  commandFile,
  freshFolder,
  runProgram,
  startProgram,
  startSink,
  type Models,
  type RunningProgram,
  type Sink,
} from '../../harness/index.ts';
import { environmentOf, faultsOf, pointsOf, program, startPricedModels, sumsOf, totalsOf, truthOf, writersOf } from './swarm.ts';

let models: Models;
beforeAll(async () => {
  models = await startPricedModels();
});
afterAll(() => models.close());

/** The truth is what the provider answered; here in sums, and without a fault in any series. */
function expectExact(sink: Sink, answered: number): void {
  const points = pointsOf(sink);
  expect(faultsOf(points)).toEqual([]);
  expect(totalsOf(points)).toEqual(sumsOf(truthOf(answered)));
}

interface Family {
  readonly running: RunningProgram;
  readonly sink: Sink;
  readonly stage: string;
  tell(name: string): void;
  /** When so many members of this kind have told. */
  told(prefix: string, count: number): Promise<void>;
}

async function start(role: string, environment: Record<string, string> = {}, node?: string): Promise<Family> {
  const sink = await startSink();
  const stage = freshFolder('stage');
  const running = startProgram({
    file: program('family'),
    args: [role],
    ...(node === undefined ? {} : { node }),
    env: environmentOf({ models, endpoint: sink.url, STAGE: stage, OTEL_METRIC_EXPORT_INTERVAL: '400', ...environment }),
  });
  return {
    running,
    sink,
    stage,
    tell: (name) => writeFileSync(join(stage, name), ''),
    async told(prefix, count) {
      while (readdirSync(stage).filter((name) => name.startsWith(prefix)).length < count)
        await new Promise((resolve) => setTimeout(resolve, 25));
    },
  };
}

const tokensOf = (sink: Sink): number => totalsOf(pointsOf(sink)).input;

/** Resolves when all that `answered` calls cost has been exported, and once more, so that members know it. */
async function exported(sink: Sink, answered: number): Promise<void> {
  await sink.arrived(() => tokensOf(sink) === answered * 11);
  const seen = sink.accepted('metrics').length;
  await sink.arrived(() => sink.accepted('metrics').length >= seen + 3);
}

const ended = ({ child }: RunningProgram): Promise<unknown> => new Promise((resolve) => child.once('exit', resolve));

/**
 * Resolves when the process is gone: until then its members rightly take it for their root, and hand their children to
 * it.
 */
async function kill(running: RunningProgram): Promise<void> {
  const gone = ended(running);
  running.child.kill('SIGKILL');
  await gone;
}

/** 2 of the root, 3 outliving members with 2 before and 2 after, each with 3 children of 3; one short one of 3. */
const BEFORE = 2 + 3 * 2 + 3;
const AFTER = 3 * (2 + 3 * 3);

test('the root is killed, its members go on and have children: exact, and a member writes for its children', async () => {
  const { running, sink, tell, told } = await start('root');
  await told('told-', 3);
  await told('short-ended', 1);
  await exported(sink, BEFORE);
  await kill(running);
  tell('go');
  await running.finished;
  expectExact(sink, BEFORE + AFTER);
  // The root and each of the three that outlived it.
  expect(writersOf(pointsOf(sink))).toHaveLength(4);
  await sink.close();
});

test('the root leaves by process.exit(), its members go on and have children: the same', async () => {
  const { running, sink, tell, told } = await start('root');
  await told('told-', 3);
  await told('short-ended', 1);
  const left = ended(running);
  tell('leave');
  await left;
  tell('go');
  await running.finished;
  expectExact(sink, BEFORE + AFTER);
  expect(writersOf(pointsOf(sink))).toHaveLength(4);
  await sink.close();
});

test('what a killed root had not exported of members that had ended is taken over by one that lives', async () => {
  const { running, sink, tell, told } = await start('silent', { OTEL_METRIC_EXPORT_INTERVAL: '3600000' });
  await told('told-', 1);
  await told('short-ended', 1);
  expect(sink.accepted('metrics')).toEqual([]);
  await kill(running);
  tell('go');
  await running.finished;
  expectExact(sink, 4 * 3 + 4 + 3 * 3);
  expect(writersOf(pointsOf(sink))).toHaveLength(1);
  await sink.close();
});

// A thread that ends before its main thread could answer writes its own series: each of the three on a busy machine.
test.each([
  ['threads of a main thread that records nothing', 'onlyThreads', 9, 3],
  ['a member whose channel lost its name', 'withCut', 1 + 4 + 3, 1],
])('%s: exact, and no writer more than there are threads', async (_, role, answered, writers) => {
  const { running, sink } = await start(role);
  const { code, stderr } = await running.finished;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expectExact(sink, answered);
  expect(writersOf(pointsOf(sink)).length).toBeLessThanOrEqual(writers);
  await sink.close();
});

test.each(NODE_VERSIONS)(
  'on Node %s threads and children are exact, and only a thread that got no answer in time writes beside the root',
  async (version) => {
    const { running, sink } = await start('threads', {}, nodeBinary(version));
    const { code, stderr } = await running.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expectExact(sink, 3 + 3 + 1 + 3 + 3);
    expect(writersOf(pointsOf(sink)).length).toBeLessThanOrEqual(3);
    await sink.close();
  },
);

test('two runs beside each other with one service name: two writers, each exact', async () => {
  const sink = await startSink();
  const stage = freshFolder('stage');
  const env = environmentOf({ models, endpoint: sink.url, STAGE: stage, OTEL_SERVICE_NAME: 'swarm' });
  await Promise.all([1, 2].map(() => runProgram({ file: program('family'), args: ['plain'], env })));
  expectExact(sink, 20);
  const points = pointsOf(sink);
  expect(writersOf(points)).toHaveLength(2);
  for (const writer of writersOf(points))
    expect(totalsOf(points.filter(({ instanceId }) => instanceId === writer))).toEqual(sumsOf(truthOf(10)));
  await sink.close();
});

test('under swarmscope run the supervisor is the one writer, and a run inside the run counts its own', async () => {
  const [outer, inner] = [await startSink(), await startSink()];
  const stage = freshFolder('stage');
  const env = environmentOf({ models, endpoint: 'http://127.0.0.1:9', STAGE: stage, INNER: inner.url, COMMAND: commandFile });
  const { code } = await runProgram({
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', '--quiet', '--export', outer.url, '--', process.execPath, program('family'), 'nested'],
    env,
  });
  expect(code).toBe(0);
  expectExact(outer, 2);
  expectExact(inner, 10);
  expect(writersOf(pointsOf(outer))).toHaveLength(1);
  expect(writersOf(pointsOf(inner))).toHaveLength(1);
  await Promise.all([outer.close(), inner.close()]);
  expect(existsSync(stage)).toBe(true);
});
