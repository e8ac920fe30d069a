/**
 * A process that cannot reach its run's receiver leaves what it recorded in the run's folder, and the run has it all;
 * where it cannot, the report says how much is missing.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readdirSync, rmSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { freshFolder, testWith } from '../../harness/index.ts';
import { LIMIT_MS, reportLater, saidOf, start, tell, toldBy, WHOLE } from './run.ts';

const SMALL_QUEUE = { SWARMSCOPE_QUEUE_MAX_BYTES: '65536' };
const NO_DISK = { SWARMSCOPE_SPOOL_MAX_BYTES: '0' };
const NAMESPACES = 'networks and mounts as root';

test(
  '5,000 tasks in a tight loop, of which 75 fit into the queue, all arrive',
  async () => {
    const told = await tell('"$NODE" tasks.cjs 5000', { env: SMALL_QUEUE });
    expect({ code: told.code, ended: told.ended, ...saidOf(told) }).toEqual({ code: 0, ended: 5_000, ...WHOLE });
    expect(told.text).not.toMatch(/at least|Lost on the way/);
  },
  LIMIT_MS,
);

test(
  'of 5,000 tasks in a tight loop without a disk, those that are missing are counted to the last one',
  async () => {
    const told = await tell('"$NODE" tasks.cjs 5000', { env: { ...SMALL_QUEUE, ...NO_DISK } });
    const lost = 5_000 - told.ended;
    expect(lost).toBeGreaterThan(4_000);
    const { missing, losses, usage } = told.report;
    expect({ missing, isLowerBound: usage.isLowerBound }).toMatchObject({
      missing: { spans: lost, processes: 1, byReason: { queue_full: lost }, isAtLeast: false },
      isLowerBound: true,
    });
    expect(losses).toMatchObject({ 'span.queue-full': lost });
    expect(told.text).toContain(' spans of 1 process did not arrive.');
  },
  LIMIT_MS,
);

testWith(
  NAMESPACES,
  'processes in a network of their own are in the report as others are, however they end',
  async () => {
    const told = await tell('for each in return exit; do unshare --net "$NODE" tasks.cjs 50 $each; done; "$NODE" tasks.cjs 7');
    expect({ ended: told.ended, ...saidOf(told) }).toEqual({ ended: 107, ...WHOLE });
  },
  LIMIT_MS,
);

testWith(
  NAMESPACES,
  'a process in a network of its own that may keep nothing on disk is counted',
  async () => {
    const told = await tell('unshare --net "$NODE" tasks.cjs 50; "$NODE" tasks.cjs 7', { env: NO_DISK });
    expect(told.ended).toBe(7);
    expect(told.report.missing).toMatchObject({ spans: 50, processes: 1, byReason: { refused: 50 }, isAtLeast: false });
  },
  LIMIT_MS,
);

testWith(
  NAMESPACES,
  'two hundred short processes in a network of their own are all there, and their ledgers are gone when they end',
  async () => {
    const forty = 'for each in $(seq 40); do "$NODE" tasks.cjs 5 || exit 1; done';
    const line = `for lane in 1 2 3 4 5; do (${forty}) & done; wait; ls "$SWARMSCOPE_RUN_DIR/ledgers" | grep -vc ended`;
    const told = await tell(`unshare --net sh -c '${line}'`);
    expect({ stdout: told.stdout, ended: told.ended, ...saidOf(told) }).toEqual({ stdout: '0\n', ended: 1_000, ...WHOLE });
  },
  LIMIT_MS,
);

testWith(
  NAMESPACES,
  'on a full disk the missing tasks are counted, since the file of the ledger is there from the first task on',
  async () => {
    const TMPDIR = freshFolder('full');
    // The folder of the run, with room for a few requests.
    const within = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=400k tmpfs "$TMPDIR" && exec "$@"', 'sh'];
    const told = await tell('"$NODE" tasks.cjs 5000', { within, env: { ...SMALL_QUEUE, TMPDIR } });
    const lost = 5_000 - told.ended;
    expect(told.ended).toBeGreaterThan(200);
    expect(told.report.missing).toMatchObject({ spans: lost, processes: 1, byReason: { queue_full: lost }, isAtLeast: false });
  },
  LIMIT_MS,
);

test(
  'what the receiver refuses is counted in spans, though it has seen none of them',
  async () => {
    const told = await tell('SWARMSCOPE_ENDPOINT="$SWARMSCOPE_ENDPOINT/elsewhere" "$NODE" tasks.cjs 50; "$NODE" tasks.cjs 7');
    expect(told.ended).toBe(7);
    expect(told.report.missing).toMatchObject({ spans: 50, processes: 1, byReason: { refused: 50 } });
    expect(told.report.usage.isLowerBound).toBe(true);
  },
  LIMIT_MS,
);

test(
  'a receiver that is stopped gets everything in the end, each task once',
  async () => {
    const line = 'kill -STOP $PPID; "$NODE" tasks.cjs 300 return; "$NODE" tasks.cjs 200 exit; kill -CONT $PPID';
    const told = await tell(line, { env: { SWARMSCOPE_EXIT_TIMEOUT: '300' } });
    expect({ ended: told.ended, ...saidOf(told) }).toEqual({ ended: 500, ...WHOLE });
  },
  LIMIT_MS,
);

test(
  'a process that is killed with what it has not sent is counted, and the sums are lower bounds',
  async () => {
    const killer = `const child = require('node:child_process').spawn(process.execPath, ['tasks.cjs', '3000', 'hang'], { stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.once('data', () => child.kill('SIGKILL'));`;
    const told = await tell('"$NODE" killer.cjs; "$NODE" tasks.cjs 7', { files: { 'killer.cjs': killer } });
    expect(told.ended).toBe(7);
    const { missing, usage } = told.report;
    expect(missing).toMatchObject({ processes: 1, isAtLeast: true, byReason: { process_killed: missing?.spans } });
    expect(missing?.spans).toBeGreaterThan(0);
    expect(missing?.spans).toBeLessThanOrEqual(3_000);
    expect(usage.isLowerBound).toBe(true);
    expect(told.text).toMatch(/at least \S+ more were lost/);
  },
  LIMIT_MS,
);

test.each([
  ['the report that is asked for later', undefined],
  ['the run after it, which reads it before it tidies up', 'true'],
])(
  'what processes record after `swarmscope run` was killed is in %s',
  async (_where, nextRun) => {
    const env = { TMPDIR: freshFolder('tmp'), XDG_DATA_HOME: freshFolder('data') };
    const line = '"$NODE" tasks.cjs 20; echo "pid $PPID"; until [ -e go ]; do sleep 0.05; done; "$NODE" tasks.cjs 50; echo over > done';
    const program = start(line, { env });
    await program.printed(/pid \d+/);
    process.kill(program.child.pid ?? 0, 'SIGKILL');
    execFileSync('sh', ['-c', 'echo go > go; until [ -e done ]; do sleep 0.05; done'], { cwd: program.folder });
    await program.finished;
    const [killed = ''] = readdirSync(join(env.XDG_DATA_HOME, 'swarmscope/runs'));
    if (nextRun !== undefined) {
      await tell(nextRun, { env });
      rmSync(env.TMPDIR, { recursive: true });
    }
    const report = await reportLater(killed, env);
    expect(report.taskTypes).toMatchObject([{ name: 'unit', count: 70, open: 0 }]);
    expect({ missing: report.missing, losses: report.losses }).toEqual({ missing: undefined, losses: {} });
    expect(report.run.isFinished).toBe(false);
    // Read once: the next report is the same.
    expect((await reportLater(killed, env)).spanCount).toBe(report.spanCount);
  },
  LIMIT_MS,
);

test(
  'threads that are ended without notice are neither lost nor counted as lost',
  async () => {
    const threads = `const { Worker } = require('node:worker_threads');
      const thread = new Worker('./tasks.cjs', { argv: ['400', 'return'], stdout: false });
      const kept = new Worker('require("./tasks.cjs"); require("node:worker_threads").parentPort.postMessage(0); setInterval(() => {}, 1e6)', { eval: true, argv: ['300', 'return'] });
      let open = 2;
      const over = () => --open === 0 && process.exit(0);
      thread.on('exit', over);
      kept.once('message', () => kept.terminate().then(over));`;
    const told = await tell('"$NODE" threads.cjs', { files: { 'threads.cjs': threads } });
    expect({ code: told.code, ended: told.ended, ...saidOf(told) }).toEqual({ code: 0, ended: 700, ...WHOLE });
  },
  LIMIT_MS,
);

test(
  'a program that waits for nothing else loses no time to a receiver that is stopped, but the second that it may',
  async () => {
    const timed = `const { execFileSync } = require('node:child_process');
      const run = () => { const from = process.hrtime.bigint(); execFileSync(process.execPath, ['tasks.cjs', '50']); return Number(process.hrtime.bigint() - from) / 1e6; };
      const plain = run();
      process.kill(Number(process.argv[2]), 'SIGSTOP');
      const stopped = run();
      process.kill(Number(process.argv[2]), 'SIGCONT');
      console.log(JSON.stringify({ plain, stopped }));`;
    const told = await toldBy(start('"$NODE" timed.cjs $PPID', { files: { 'timed.cjs': timed } }));
    const { plain, stopped } = JSON.parse(told.stdout) as { plain: number; stopped: number };
    // The answer to a request would be waited for ten seconds; nine of them are for a machine that does much else.
    expect(stopped - plain).toBeLessThan(9_000);
    expect({ ended: told.ended, ...saidOf(told) }).toEqual({ ended: 100, ...WHOLE });
  },
  LIMIT_MS,
);
