// A full queue: the collector refuses what it cannot keep, says so in its ledger and by an alert, and delivers all that it took.
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { freshFolder } from '../../harness/index.ts';
import { describeWith, START_LIMIT_MS, type Stack } from '../../harness/stack/index.ts';
import { makeLoad, type Load } from '../../harness/stack/load.ts';
import { sendLoad, type Sent } from '../../harness/stack/send-load.ts';
import { BACKENDS, countedBy, DRILL_MS, expectPoints, expectSpans, only, startDrill, untilFiring } from './support.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
}, DRILL_MS);

/** Undefined where this user may not mount. */
function smallDisk(bytes: number): string | undefined {
  const folder = freshFolder('small-disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    // No root, or a container without the right to mount.
    return undefined;
  }
  cleanups.push(() => void execFileSync('umount', [folder]));
  return folder;
}

/** More than the queue holds: what is refused is counted, and seen. */
async function fill(stack: Stack, load: Load): Promise<Sent> {
  await stack.kill('tempo', 'SIGKILL');
  const sent = await sendLoad(only(load, 'traces'), { endpoint: stack.endpoint });
  expect([...sent.statuses.keys()].sort()).toEqual([200, 503]);
  expect(sent.taken.traces).toBeGreaterThan(0);
  expect(await countedBy(stack, 'receiver_accepted_spans_total')).toBe(sent.taken.traces);
  expect(await countedBy(stack, 'exporter_enqueue_failed_spans_total')).toBe(load.items.traces - sent.taken.traces);
  await untilFiring(stack, 'CollectorLosingData');
  return sent;
}

/** A sender that repeats loses nothing: 503 asks for that. */
async function repeat(stack: Stack, load: Load, sent: Sent): Promise<void> {
  const again = await sendLoad({ requests: sent.refused }, { endpoint: stack.endpoint, attempts: 100 });
  expect(again.refused).toEqual([]);
  await expectSpans(stack, load);
  expect(await countedBy(stack, 'exporter_sent_spans_total')).toBe(load.items.traces);
}

describeWith(...BACKENDS)('a full queue or disk', () => {
  test(
    'a full queue refuses with 503, the ledger counts it, alerts fire; what was taken is delivered, and what senders repeat too',
    async () => {
      const stack = await startDrill({ changes: { 'queue_size: 2147483648': 'queue_size: 400000' } });
      cleanups.unshift(() => stack.stop());
      const load = makeLoad({ service: 'full', swarms: 10, tasks: 20 });
      const sent = await fill(stack, load);
      await untilFiring(stack, 'CollectorQueueNearlyFull');
      await untilFiring(stack, 'CollectorRefusingData');
      await stack.start('tempo');
      await repeat(stack, load, sent);
    },
    START_LIMIT_MS,
  );

  test(
    'a full disk refuses with 503 and stays up; what was taken is delivered, and all goes on when there is space again',
    async () => {
      const disk = smallDisk(4_000_000);
      if (disk === undefined) {
        if (process.env['CI'] === 'true') throw new Error('CI must be able to mount a small tmpfs');
        process.stderr.write('skipped: a full disk needs a small tmpfs, and this user may not mount one; run it as root\n');
        return;
      }
      const stack = await startDrill({ env: { QUEUE_DIR: join(disk, 'queue') } });
      cleanups.unshift(() => stack.stop());
      // Somebody else's file.
      const other = join(disk, 'other');
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(other, Buffer.alloc(bavail * bsize - 1_500_000));
      const load = makeLoad({ service: 'disk', swarms: 20, tasks: 20 });
      const sent = await fill(stack, load);
      await stack.start('tempo');
      await stack.until('what was taken is delivered', async () => {
        const delivered = await countedBy(stack, 'exporter_sent_spans_total');
        if (delivered === sent.taken.traces) return true;
        throw new Error(`${delivered} of ${sent.taken.traces} sent, ${await countedBy(stack, 'exporter_queue_size')} requests in queues`);
      });
      rmSync(other);
      await repeat(stack, load, sent);
      const points = makeLoad({ service: 'points', swarms: 1, tasks: 4 });
      await sendLoad(only(points, 'metrics'), { endpoint: stack.endpoint });
      await expectPoints(stack, points, 4);
    },
    DRILL_MS,
  );
});
