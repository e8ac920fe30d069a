// One of each dies, stops or is away, and what waits is counted span by span and total by total: what two tiers lose of it, and what they do not.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TAIL_SAMPLING } from '../../src/grafana/pipeline-metrics.ts';
import { digitsOf } from '../../tools/deploy/shards.ts';
import { SUBMITTED } from '../harness/stack/load.ts';
import { describeWith, START_LIMIT_MS } from '../harness/stack/index.ts';
import { expectWhole, keptOf, send, sendAtOnce, sendOnce, totalOf, untilCounted, untilTotal } from './tiers/expect.ts';
import { exportOf, makeSwarms, type Swarms } from './tiers/swarms.ts';
import { AGENTS, GATEWAYS, KEPT, startTiers, type Tiers } from './tiers/tiers.ts';

const CALLS = 'traces_span_metrics_calls_total';
const ACCEPTED = 'receiver_accepted_spans_total';
const UNCHANGED = 'processor_filter_datapoints_filtered_total{filter="filter/changed"';

/** Spans that belong to `gateway-{shard}`. */
const shareOf = ({ traces }: Swarms, shard: number): number =>
  traces.filter(({ traceId }) => digitsOf(shard, 2).includes(traceId.slice(-1))).reduce((sum, { spanIds }) => sum + spanIds.size, 0);

describeWith(
  'tempo',
  'prometheus',
  'collector',
)('drills of two tiers', () => {
  let tiers: Tiers;
  // Nothing is decided before a gateway ends.
  const choice = { DECISION_WAIT: '30m', KEEP_PERCENT: '0', NUM_TRACES: '100000' };
  beforeAll(async () => {
    tiers = await startTiers({
      // A share of some 400 spans fills a queue.
      agents: { overlays: ['shards-2.yaml', 'fold.yaml'], env: { GATEWAY_QUEUE_BYTES: '150000' } },
      gateways: { overlays: ['keep.yaml'], env: choice },
    });
  }, START_LIMIT_MS);
  afterAll(() => tiers.stop());

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'a gateway is away, and both agents end by %s while its share waits: every span is there once, and is counted once',
    async (signal) => {
      await tiers.kill('SIGKILL', 'gateway-0');
      const swarms = makeSwarms({ service: `agents-${signal}`, kinds: { ordinary: 20 } });
      const before = await tiers.counted('gateway-1', ACCEPTED);
      await send(tiers, swarms);
      await untilCounted(tiers, 'gateway-1', ACCEPTED, before + shareOf(swarms, 1));
      await tiers.kill(signal, ...AGENTS);
      await tiers.start(...AGENTS);
      await tiers.start('gateway-0');
      await expectWhole(tiers, swarms.traces);
      await untilTotal(tiers, CALLS, swarms.service, swarms.spans);
    },
  );

  test('a gateway is killed with -9 in a burst: what it had answered for is delivered by the next one on its disk, the rest by the agents', async () => {
    const swarms = makeSwarms({ service: 'gateway-killed', kinds: { ordinary: 40 }, spansPerRequest: 20 });
    const accepted = await tiers.counted('gateway-0', ACCEPTED);
    const sending = send(tiers, swarms);
    await untilCounted(tiers, 'gateway-0', ACCEPTED, accepted + 1);
    await tiers.kill('SIGKILL', 'gateway-0');
    await sending;
    await tiers.start('gateway-0');
    // A delivery that was cut off is made again.
    await expectWhole(tiers, swarms.traces, { mayRepeat: true });
  });

  test('gateways that stop decide on what they hold and hand over what they counted, also while Prometheus is away', async () => {
    await tiers.stores.kill('prometheus', 'SIGKILL');
    const swarms = makeSwarms({ service: 'gateways-stopped', kinds: { ordinary: 20, error: 6, expensive: 4 } });
    const before = await acceptedBy(tiers);
    await send(tiers, swarms);
    await tiers.until('the gateways have all', async () => ((await acceptedBy(tiers)) === before + swarms.spans ? true : undefined));
    // The second flush that leaves something out, since it has not changed, began when all of it was there.
    for (const name of GATEWAYS)
      for (let flush = 0; flush < 2; flush++) await untilCounted(tiers, name, UNCHANGED, (await tiers.counted(name, UNCHANGED)) + 1);
    await tiers.kill('SIGTERM', ...GATEWAYS);
    await tiers.start(...GATEWAYS);
    await tiers.stores.start('prometheus');
    await untilTotal(tiers, CALLS, swarms.service, swarms.spans);
    await expectWhole(tiers, swarms.traces);
    const worthIt = swarms.traces.filter(({ kind }) => kind !== 'ordinary');
    await expectWhole(tiers, worthIt, { tenant: KEPT });
    expect((await keptOf(tiers, swarms.traces)).whole).toEqual(worthIt);
  });

  test('Tempo is killed with -9: what waited for its decision is kept whole', async () => {
    const swarms = makeSwarms({ service: 'tempo-killed', kinds: { error: 8 } });
    const before = await acceptedBy(tiers);
    await send(tiers, swarms);
    await tiers.until('the gateways have all', async () => ((await acceptedBy(tiers)) === before + swarms.spans ? true : undefined));
    await tiers.stores.kill('tempo', 'SIGKILL');
    await tiers.stores.start('tempo');
    await tiers.kill('SIGTERM', ...GATEWAYS);
    await tiers.start(...GATEWAYS);
    await expectWhole(tiers, swarms.traces, { tenant: KEPT, mayRepeat: true });
  });

  test('a gateway is away until the queues for it are full: agents refuse, and all is there when senders repeat', async () => {
    await tiers.kill('SIGKILL', 'gateway-0');
    const swarms = makeSwarms({ service: 'queue-full', kinds: { ordinary: 150 } });
    const sent = await sendOnce(tiers, swarms);
    for (const { statuses } of sent) expect([...statuses.keys()].sort()).toEqual([200, 503]);
    await tiers.start('gateway-0');
    await send(tiers, { requests: sent.map(({ refused }) => refused) }, 200);
    await expectWhole(tiers, swarms.traces, { mayRepeat: true });
    // A refused request is sent again whole: the gateway that had its part counts it again.
    expect(await totalOf(tiers, CALLS, swarms.service)).toBeGreaterThanOrEqual(swarms.spans);
  });

  test('an agent that folds is killed with -9, and then both stop: senders go on where the next ones meet them, and no total is more than it was', async () => {
    const startMs = Date.now() - 1_000;
    const service = 'folding-agent-killed';
    const after = (tasks: number): Promise<unknown> => sendAtOnce(tiers, { requests: exportOf({ service, writers: 10, tasks, startMs }) });
    await after(10);
    await untilTotal(tiers, SUBMITTED, service, 100);
    await tiers.kill('SIGKILL', 'agent-0');
    await tiers.start('agent-0');
    await after(20);
    await after(25);
    // Of its five senders, what grew between their last export to the one and their first to the other: 5 times 10.
    await untilTotal(tiers, SUBMITTED, service, 250 - 50);
    // One that stops hands over what it was adding up, also what had only just come.
    await after(30);
    await tiers.kill('SIGTERM', ...AGENTS);
    await tiers.start(...AGENTS);
    await untilTotal(tiers, SUBMITTED, service, 250);
  });

  test('more traces than a gateway holds begin: what goes undecided is counted', async () => {
    // It is told when their wait is over.
    Object.assign(choice, { NUM_TRACES: '4', DECISION_WAIT: '1s' });
    await tiers.kill('SIGTERM', ...GATEWAYS);
    await tiers.start(...GATEWAYS);
    const swarms = makeSwarms({ service: 'too-many', kinds: { ordinary: 40 } });
    await send(tiers, swarms);
    for (const name of GATEWAYS) await untilCounted(tiers, name, TAIL_SAMPLING.tooEarly.prometheus.replace('otelcol_', ''), 1);
    await expectWhole(tiers, swarms.traces);
  });
});

const acceptedBy = async (tiers: Tiers): Promise<number> =>
  (await Promise.all(GATEWAYS.map((name) => tiers.counted(name, ACCEPTED)))).reduce((sum, count) => sum + count, 0);
