/**
 * Where it runs: Node's own other ways of running a program: scripts of a package, watching, snapshots, single
 * executables.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import { ensureBuilt, freshFolder, runProgram, startModels, startProgram, startSink, type ProgramResult } from '../../harness/index.ts';
import { spansArrived } from '../../harness/received.ts';
import { asks, expectRecorded, FETCH_MINUTES, tidy } from './seen.ts';

ensureBuilt();
const app = `(async () => {${asks}  console.log(answer);\n})();\n`;

/** Says on the side, in the file PROBE, whether the preload was in while it was built and while it ran. */
const snapshotted = `const isIn = () => Symbol.for('swarmscope.runtime.1') in globalThis;
const tell = (text) => process.getBuiltinModule('node:fs').appendFileSync(process.env.PROBE, text);
tell('build ' + isIn());
require('node:v8').startupSnapshot.setDeserializeMainFunction(() => {
  tell(', run ' + isIn());
  console.log('from the snapshot');
});
`;

describe.each(['22.15.0', '24.21.0', '26.10.0'])('on Node %s', (version) => {
  test(
    'a script started by node --run is recorded',
    async () => {
      const node = nodeBinary(version);
      const files = { 'app.cjs': app, 'package.json': JSON.stringify({ scripts: { start: `'${node}' app.cjs` } }) };
      await expectRecorded({ command: node, args: ['--run', 'start'], files }, 'pong\n');
    },
    FETCH_MINUTES,
  );

  test(
    'a program under node --watch is recorded at each restart and ends on a signal as it did',
    async () => {
      const sink = await startSink();
      const models = await startModels();
      const watch = async (env?: Readonly<Record<string, string>>): Promise<ProgramResult> => {
        const running = startProgram({
          node: nodeBinary(version),
          nodeArgs: ['--watch'],
          files: { 'app.cjs': app },
          preload: env === undefined ? 'none' : 'NODE_OPTIONS',
          env: { ...models.env, ...env },
        });
        await running.printed(/pong\n[^]*Completed running/);
        if (env !== undefined) await spansArrived(sink, (spans) => spans.filter(({ name }) => name === 'chat gpt-4o').length === 1);
        appendFileSync(join(running.folder, 'app.cjs'), '// changed\n');
        await running.printed(/pong\n[^]*Completed running[^]*pong\n[^]*Completed running/);
        running.child.kill('SIGTERM');
        return running.finished;
      };
      try {
        const plain = await watch();
        const loaded = await watch({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' });
        expect(seen(loaded)).toEqual(seen(plain));
        await spansArrived(sink, (spans) => spans.filter(({ name }) => name === 'chat gpt-4o').length === 2);
      } finally {
        await sink.close();
        await models.close();
      }
    },
    FETCH_MINUTES,
  );

  test(
    'a start-up snapshot is built the same under the preload, and the program from it runs the same',
    async () => {
      const node = nodeBinary(version);
      const cwd = freshFolder('snapshot');
      const entry = join(cwd, 'entry.cjs');
      writeFileSync(entry, snapshotted);
      const outcomes = [];
      for (const preload of ['none', 'NODE_OPTIONS'] as const) {
        const [blob, probe] = [`${preload}.blob`, join(cwd, `${preload}.probe`)];
        const options = { command: node, cwd, preload, env: { PROBE: probe } };
        const built = await runProgram({ ...options, args: ['--snapshot-blob', blob, '--build-snapshot', entry] });
        const ran = await runProgram({ ...options, args: ['--snapshot-blob', blob] });
        outcomes.push([seen(built), seen(ran)]);
        // Node runs no preload while it builds one.
        expect(readFileSync(probe, 'utf8')).toBe(preload === 'none' ? 'build false, run false' : 'build false, run true');
      }
      expect(outcomes[0]).toMatchObject([{ code: 0 }, { code: 0, stdout: 'from the snapshot\n' }]);
      expect(outcomes[1]).toEqual(outcomes[0]);
    },
    FETCH_MINUTES,
  );
});

test(
  'a single executable application is built the same under the preload, and its call is recorded',
  async () => {
    const cwd = freshFolder('program');
    const config = { main: 'app.cjs', output: 'app', disableExperimentalSEAWarning: true };
    const node = nodeBinary('26.10.0');
    const files = { 'app.cjs': app, 'sea.json': JSON.stringify(config) };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    const built = await runProgram({ command: node, args: ['--build-sea', 'sea.json'], cwd, preload: 'NODE_OPTIONS' });
    expect(built).toMatchObject({ code: 0 });
    await expectRecorded({ command: join(cwd, 'app'), cwd }, 'pong\n');
  },
  FETCH_MINUTES,
);

function seen({ stdout, stderr, code, signal }: ProgramResult): Partial<ProgramResult> {
  return { stdout: tidy(stdout), stderr: tidy(stderr), code, signal };
}
