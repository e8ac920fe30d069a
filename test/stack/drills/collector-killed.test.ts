// The collector is killed with a full queue on disk: what it had answered for is delivered by the next one on the same folder.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, START_LIMIT_MS, type Stack } from '../../harness/stack/index.ts';
import { makeLoad } from '../../harness/stack/load.ts';
import { sendLoad } from '../../harness/stack/send-load.ts';
import { BACKENDS, countedBy, DRILL_MS, expectPoints, expectSpans, only, startDrill, untilRetried } from './support.ts';

/** Of a request that was on the wire when the collector died. */
const SPANS_PER_REQUEST = 50;
const CONCURRENCY = 8;

describeWith(...BACKENDS)('the collector killed with -9', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startDrill();
  }, START_LIMIT_MS);
  afterAll(() => stack.stop(), DRILL_MS);

  test(
    'in the middle of a burst, with both backends away: all that was answered with 200 is there afterwards, and the rest when it is sent again',
    async () => {
      await stack.kill('tempo', 'SIGKILL');
      await stack.kill('prometheus', 'SIGKILL');
      const first = makeLoad({ service: 'queued', swarms: 5, tasks: 30 });
      expect((await sendLoad(first, { endpoint: stack.endpoint })).refused).toEqual([]);
      await untilRetried(stack, 'otlp_grpc/tempo', 1);
      const burst = makeLoad({ service: 'burst', swarms: 5, tasks: 30, itemsPerRequest: SPANS_PER_REQUEST });
      const sending = sendLoad(burst, { endpoint: stack.endpoint, concurrency: CONCURRENCY });
      const accepted = await countedBy(stack, 'receiver_accepted_spans_total');
      await stack.until('it is in the middle of the burst', async () =>
        (await countedBy(stack, 'receiver_accepted_spans_total')) > accepted ? true : undefined,
      );
      await stack.kill('collector', 'SIGKILL');
      const sent = await sending;
      expect(sent.taken.traces).toBeLessThan(burst.items.traces);
      await stack.start('collector');
      // As every sender does with a request that got no answer.
      const again = await sendLoad({ requests: sent.refused }, { endpoint: stack.endpoint, attempts: 10 });
      expect(again.refused).toEqual([]);
      await stack.kill('collector', 'SIGKILL');
      for (const part of ['tempo', 'prometheus', 'collector'] as const) await stack.start(part);
      await expectSpans(stack, first);
      // On the disk of the collector, whose answer no longer came: the sender had to repeat it.
      await expectSpans(stack, burst, SPANS_PER_REQUEST * CONCURRENCY);
      for (const load of [first, burst]) await expectPoints(stack, load, 4);
    },
    DRILL_MS,
  );

  test(
    'while it delivers: nothing is missing',
    async () => {
      const load = makeLoad({ service: 'delivering', swarms: 5, tasks: 30 });
      await stack.kill('tempo', 'SIGKILL');
      await sendLoad(only(load, 'traces'), { endpoint: stack.endpoint });
      await stack.start('tempo');
      await stack.until('delivery has begun', async () => ((await countedBy(stack, 'exporter_sent_spans_total')) > 0 ? true : undefined));
      await stack.kill('collector', 'SIGKILL');
      await stack.start('collector');
      // What Tempo had taken and the queue did not know yet goes out again.
      await expectSpans(stack, load, load.items.traces);
    },
    DRILL_MS,
  );
});
