// Both tiers in front of the stores of a cluster, Tempo on an object store and metrics in three copies: what is asked for is all there when one of each dies.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureBuilt } from '../harness/index.ts';
import { SUBMITTED } from '../harness/stack/load.ts';
import { START_LIMIT_MS } from '../harness/stack/index.ts';
import { askDoctor } from '../stack/ask-doctor.ts';
import { panelQueries } from '../stack/panels/as-grafana.ts';
import { askAtEnd } from '../stack/panels/ask.ts';
import { describeWithPrograms } from './manifests/needs.ts';
import { RECEIVERS, startReplicatedStores, type ReplicatedStores } from './stores/index.ts';
import { expectWhole, send, sendAtOnce, untilTotal } from './tiers/expect.ts';
import { exportOf, makeSwarms, type Swarms } from './tiers/swarms.ts';
import { KEPT, startTiersBefore, TENANT, type Tiers } from './tiers/tiers.ts';

const CALLS = 'traces_span_metrics_calls_total';
const RUNS = 10;
const [own0, , spare] = RECEIVERS;

describeWithPrograms(
  'weed',
  'tempo',
  'thanos',
  'otelcol',
)('two tiers, an object store, and metrics in three copies', () => {
  let stores: ReplicatedStores;
  let tiers: Tiers<ReplicatedStores>;
  const known: Swarms[] = [];
  beforeAll(async () => {
    stores = await startReplicatedStores();
    tiers = await startTiersBefore(stores, {
      agents: { overlays: ['shards-2.yaml', 'fold.yaml'] },
      gateways: { overlays: ['keep.yaml', 'thanos.yaml'], env: { DECISION_WAIT: '1s', KEEP_PERCENT: '0' } },
    });
  }, START_LIMIT_MS);
  afterAll(() => (tiers === undefined ? stores?.stop() : tiers.stop()));

  /** A load of its own: spans, and totals of runs that grow. */
  async function sendSwarm(service: string): Promise<Swarms> {
    const swarms = makeSwarms({ service, kinds: { ordinary: 10, error: 4 } });
    await send(tiers, swarms);
    // Later than the agents' own start, or what a run had counted before would be where they begin.
    const startMs = Date.now();
    for (const tasks of [5, 20]) await sendAtOnce(tiers, { requests: exportOf({ service, writers: RUNS, tasks, startMs }) });
    known.push(swarms);
    return swarms;
  }
  async function expectTotals(): Promise<void> {
    for (const { service, spans } of known) {
      await untilTotal(tiers, CALLS, service, spans);
      await untilTotal(tiers, SUBMITTED, service, RUNS * 20);
    }
  }

  test('a receiver is killed with -9: totals are exact while it is away, and when it is back with a gap', async () => {
    await sendSwarm('three-receivers');
    await expectTotals();
    await stores.kill('SIGKILL', spare);
    await sendSwarm('two-receivers');
    await expectTotals();
    await stores.start(spare);
    await expectTotals();
  });

  test('the receiver at which a gateway delivers is killed with -9: its share waits, and is counted once', async () => {
    await stores.kill('SIGKILL', own0);
    await sendSwarm('a-door-is-closed');
    await stores.start(own0);
    await expectTotals();
  });

  test('names, labels and boards are those of Prometheus', async () => {
    const [{ labels } = { labels: {} }, ...more] = await stores.query(`${SUBMITTED}{service_name="three-receivers",instance="agent-0"}`);
    expect(more).toEqual([]);
    expect(labels).toMatchObject({ service_name: 'three-receivers', job: 'three-receivers', tenant_id: TENANT });
    expect(labels).not.toHaveProperty('receive_replica');
    const query = panelQueries.find(({ title }) => title === 'Fleet: Runs now [runs]');
    if (query === undefined) throw new Error('the board over many runs has no panel of the runs');
    const view = { fromMs: Date.now() - 60_000, toMs: Date.now(), stepSeconds: 15, chosen: { service: 'a-door-is-closed' } };
    expect((await askAtEnd(stores, query, view)).series.map(({ points }) => points[0]?.[1])).toEqual([RUNS]);
  });

  test('Tempo is killed with -9 and its disk is lost: what it had handed on is whole in both tenants, from the object store', async () => {
    const traces = known.flatMap((swarms) => swarms.traces);
    const worthIt = traces.filter(({ kind }) => kind !== 'ordinary');
    await expectWhole(tiers, traces);
    await expectWhole(tiers, worthIt, { tenant: KEPT });
    await stores.flushTempo();
    await stores.until('a block of each tenant is in the bucket', async () => {
      const files = await stores.bucket('tempo');
      const hasBlock = (tenant: string): boolean =>
        ['meta.json', 'data.parquet'].every((file) => files.some((path) => path.startsWith(`${tenant}/`) && path.endsWith(`/${file}`)));
      return hasBlock(TENANT) && hasBlock(KEPT) ? true : undefined;
    });
    await stores.kill('SIGKILL', 'tempo');
    stores.loseDisk('tempo');
    await stores.start('tempo');
    await expectWhole(tiers, traces);
    await expectWhole(tiers, worthIt, { tenant: KEPT });
  });

  test('doctor takes the querier for a metrics store that has no alerts of its own', async () => {
    ensureBuilt();
    const { tempo, prometheus } = stores.urls;
    const agent = tiers.addressOf('agent-0');
    const said = await askDoctor([
      ...[`http://${agent}:4318`, '--collector-telemetry', `http://${agent}:8888`],
      ...['--tempo', tempo, '--prometheus', prometheus, '--tenant', TENANT, '--wait', '1'],
    ]);
    expect(['tempo', 'prometheus', 'alerting'].map((subject) => said.of(subject)[0]?.level)).toEqual(['ok', 'ok', 'note']);
  });
});
