/**
 * Children that outlive what started them: detached, orphaned by a double fork, alone after their root has gone. They
 * work on and record on.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { freshFolder, startProgram, startSink, type Sink } from '../../harness/index.ts';
import { spansArrived } from '../../harness/received.ts';
import { ancestry, api, patient, theOne } from './support.ts';

/** Waits until the test says that the one that started it has gone, then does its work. */
const left = `
const { withTask } = require(${api});
const { existsSync, writeFileSync, mkdirSync } = require('node:fs');
const { execFileSync, spawn } = require('node:child_process');
const { setTimeout: wait } = require('node:timers/promises');
const folder = process.argv[2];
(async () => {
  await withTask('before', async () => writeFileSync(folder + '/waits', ''));
  while (!existsSync(folder + '/go')) await wait(20);
  await withTask('alone', async () => {
    execFileSync('git', ['init', '-q', folder + '/alone']);
    await new Promise((resolve) => spawn('git', ['commit', '-q', '--allow-empty', '-m', 'x'], { cwd: folder + '/alone' }).on('exit', resolve));
    execFileSync(process.execPath, [__dirname + '/leaf.cjs']);
  });
  // It goes on for a while, as daemons do.
  await withTask('later', async () => execFileSync('git', ['status'], { cwd: folder + '/alone', stdio: 'ignore' }));
  writeFileSync(folder + '/done', '');
})();
`;
const leaf = `const { withTask } = require(${api}); withTask('leaf', () => 1);`;

const ways: Record<string, string> = {
  'a detached and unref’d child': `spawn(process.execPath, [__dirname + '/left.cjs', folder], { detached: true, stdio: 'ignore' }).unref();`,
  'a daemon, forked twice': `spawn('sh', ['-c', 'setsid "$0" "$1" "$2" >/dev/null 2>&1 & exit 0', process.execPath, __dirname + '/left.cjs', folder], { stdio: 'ignore' });`,
  'a daemon started by a sync call': `execFileSync('sh', ['-c', '"$0" "$1" "$2" >/dev/null 2>&1 </dev/null & exit 0', process.execPath, __dirname + '/left.cjs', folder]);`,
};

let sink: Sink;
afterEach(() => sink.close());

test.each(Object.entries(ways))(
  '%s goes on recording after the root has gone, with its git commands and children',
  async (_title, start) => {
    sink = await startSink();
    const folder = freshFolder('left');
    const root = startProgram({
      files: {
        'app.cjs': `const { withTask } = require(${api}); const { spawn, execFileSync } = require('node:child_process'); const folder = ${JSON.stringify(folder)};
        withTask('start', () => { ${start} });
        // Until it is under way.
        const timer = setInterval(() => { if (require('node:fs').existsSync(folder + '/waits')) clearInterval(timer); }, 20);`,
        'left.cjs': left,
        'leaf.cjs': leaf,
      },
      env: { ...patient, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    });
    expect(await root.finished).toMatchObject({ code: 0, stderr: '', isTimedOut: false });
    writeFileSync(join(folder, 'go'), '');
    const wanted = ['run_task leaf', 'run_task later', 'git init', 'git commit', 'git status'];
    const spans = await spansArrived(sink, (all) => wanted.every((name) => all.some((span) => span.name === name)));
    for (const name of ['run_task alone', 'run_task leaf', 'git commit'])
      expect(ancestry(spans, theOne(spans, name)).at(-1)).toBe('run_task start');
    expect(ancestry(spans, theOne(spans, 'git commit'))[1]).toBe('run_task alone');
  },
);
