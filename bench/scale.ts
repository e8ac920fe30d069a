/**
 * What two tiers of collectors cost, with this repository's files and the real programs: CPU time per million spans of
 * each tier and of Tempo, bytes a span, series a run with and without folding. `node bench/scale.ts [spans a row]`
 * (default 66,000) appends to `scale.md`, from which `tools/sizing.ts` computes.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SUBMITTED } from '../test/harness/stack/load.ts';
import { sendLoad } from '../test/harness/stack/send-load.ts';
import { exportOf, makeSwarms, type Swarms } from '../test/scale/tiers/swarms.ts';
import { AGENTS, GATEWAYS, startTiers, TENANT, type CollectorName, type Tiers, type TiersOptions } from '../test/scale/tiers/tiers.ts';

/** USER_HZ, in which /proc counts CPU time on every Linux. */
const TICKS_PER_SECOND = 100;
/** So long a stack is looked at that has nothing to do: what it takes then is no cost of spans. */
const REST_SECONDS = 5;
const SPANS_A_TRACE = 22;
const allSpans = Number(process.argv[2] ?? '66000');

type Tier = 'agents' | 'gateways' | 'Tempo';
const TIERS: readonly Tier[] = ['agents', 'gateways', 'Tempo'];
type Cpu = Readonly<Record<Tier, number>>;

interface Row {
  readonly name: string;
  readonly spansPerRequest: number;
  readonly spans: number;
}

const PLAIN = { title: 'any gateway', rows: [{ name: 'any gateway, 400 spans a request', spansPerRequest: 400, spans: allSpans }] };
const KEEP = {
  title: 'shards and keep',
  rows: [
    { name: 'shards and keep, 400 spans a request', spansPerRequest: 400, spans: allSpans },
    { name: 'shards and keep, 50 spans a request', spansPerRequest: 50, spans: allSpans / 2 },
    // Dear: a request costs as much as some forty spans.
    { name: 'shards and keep, 2 spans a request', spansPerRequest: 2, spans: allSpans / 10 },
  ],
};

async function main(): Promise<void> {
  const before = loadavg()[0] ?? 0;
  const table: string[][] = [];
  const figures: [string, string][] = [];
  const plain = await within({ agents: { overlays: ['any-gateway.yaml'] } }, async (tiers) => {
    await measureAll(tiers, PLAIN.rows, false, table);
    const stored = await storedBytes(tiers);
    return { stored, series: await seriesPerRun(tiers) };
  });
  const kept = await within(
    {
      agents: { overlays: ['shards-2.yaml', 'fold.yaml'] },
      gateways: { overlays: ['keep.yaml'], env: { DECISION_WAIT: '2s', KEEP_PERCENT: '5' } },
    },
    async (tiers) => {
      await measureAll(tiers, KEEP.rows, true, table);
      return { series: await seriesPerRun(tiers) };
    },
  );
  const [sample] = makeSwarms({ service: 'wire', kinds: { ordinary: 200 }, spansPerRequest: 400 }).requests[0] ?? [];
  if (sample === undefined) throw new Error('the load has no request');
  figures.push(
    ['bytes a span on the wire', (sample.body.length / sample.items).toFixed(0)],
    ['bytes a span in blocks of Tempo', plain.stored.toFixed(0)],
    ['series of each further run, as they come', plain.series.perRun.toFixed(1)],
    ['series of each further run, folded', kept.series.perRun.toFixed(1)],
    ['series of a service on a node, folded', (kept.series.base / AGENTS.length).toFixed(1)],
  );
  const text = report(table, figures, before);
  console.log(text);
  appendFileSync(join(import.meta.dirname, 'scale.md'), text);
}

async function within<Value>(options: TiersOptions, work: (tiers: Tiers) => Promise<Value>): Promise<Value> {
  const tiers = await startTiers(options);
  try {
    return await work(tiers);
  } finally {
    await tiers.stop();
  }
}

async function measureAll(tiers: Tiers, rows: readonly Row[], isChosen: boolean, table: string[][]): Promise<void> {
  let decided = 0;
  for (const [index, row] of [{ name: 'warm-up', spansPerRequest: 100, spans: 2_200 }, ...rows].entries()) {
    const traces = Math.round(row.spans / SPANS_A_TRACE);
    const swarms = makeSwarms({ service: `bench-${index}`, kinds: { ordinary: traces }, spansPerRequest: row.spansPerRequest });
    decided += traces;
    const { cpu, rest } = await measure(tiers, swarms, isChosen ? decided : 0);
    const million = (tier: Tier): string => (cpu[tier] / (swarms.spans / 1e6)).toFixed(1);
    if (index > 0)
      table.push([row.name, String(swarms.spans), ...TIERS.map(million), ...TIERS.map((tier) => `${(rest[tier] * 100).toFixed(1)} %`)]);
  }
}

/** CPU seconds until nothing waits any more, without what each takes at rest, which is of a core. */
async function measure(tiers: Tiers, swarms: Swarms, decided: number): Promise<{ cpu: Cpu; rest: Cpu }> {
  const startMs = performance.now();
  const before = cpuOf(tiers);
  const sent = await Promise.all(
    tiers.endpoints.map((endpoint, agent) => sendLoad({ requests: swarms.requests[agent] ?? [] }, { endpoint, attempts: 100 })),
  );
  if (sent.some(({ refused }) => refused.length > 0)) throw new Error('an agent refused what was sent');
  await tiers.until('every trace is decided on', async () => {
    return (await sumOf(tiers, GATEWAYS, 'processor_tail_sampling_global_count_traces_sampled_total')) >= decided ? true : undefined;
  });
  await tiers.until('nothing waits', async () =>
    (await sumOf(tiers, [...AGENTS, ...GATEWAYS], 'exporter_queue_size')) === 0 ? true : undefined,
  );
  const seconds = (performance.now() - startMs) / 1_000;
  const after = cpuOf(tiers);
  await wait(REST_SECONDS * 1_000);
  const rested = cpuOf(tiers);
  const each = (value: (tier: Tier) => number): Cpu => ({ agents: value('agents'), gateways: value('gateways'), Tempo: value('Tempo') });
  const rest = each((tier) => (rested[tier] - after[tier]) / REST_SECONDS);
  return { cpu: each((tier) => Math.max(0, after[tier] - before[tier] - rest[tier] * seconds)), rest };
}

async function sumOf(tiers: Tiers, names: readonly CollectorName[], metric: string): Promise<number> {
  return (await Promise.all(names.map((name) => tiers.counted(name, metric)))).reduce((sum, value) => sum + value, 0);
}

function cpuOf(tiers: Tiers): Cpu {
  const total = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  return {
    agents: total(AGENTS.map(tiers.pidOf)),
    gateways: total(GATEWAYS.map(tiers.pidOf)),
    Tempo: cpuSecondsOf(tiers.stores.pidOf('tempo') ?? 0),
  };
}

function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name may hold blanks; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Bytes of Tempo's blocks for each span that was sent, after all are written; a block that was compacted is counted as what became of it. */
async function storedBytes(tiers: Tiers): Promise<number> {
  const folder = join(tiers.stores.folderOf('tempo'), 'data/blocks', TENANT);
  const spans = await sumOf(tiers, GATEWAYS, 'receiver_accepted_spans_total');
  await fetch(`${tiers.stores.urls.tempo}/flush`, { method: 'POST' });
  const bytes = await tiers.until('every trace is in a block', () => {
    const blocks = (existsSync(folder) ? readdirSync(folder) : [])
      .map((name) => join(folder, name))
      .filter((path) => existsSync(join(path, 'meta.json')));
    const objects = blocks.reduce(
      (sum, path) => sum + (JSON.parse(readFileSync(join(path, 'meta.json'), 'utf8')) as { totalObjects: number }).totalObjects,
      0,
    );
    if (objects < Math.floor(spans / SPANS_A_TRACE)) throw new Error(`${objects} traces are`);
    return blocks.flatMap((path) => readdirSync(path).map((name) => statSync(join(path, name)).size)).reduce((sum, size) => sum + size, 0);
  });
  return bytes / spans;
}

/** Series of a service in Prometheus by how many runs wrote them. */
async function seriesPerRun(tiers: Tiers): Promise<{ perRun: number; base: number }> {
  const few = await seriesOf(tiers, 10);
  const many = await seriesOf(tiers, 50);
  const perRun = (many - few) / 40;
  return { perRun, base: few - 10 * perRun };
}

async function seriesOf(tiers: Tiers, writers: number): Promise<number> {
  const service = `runs-${writers}`;
  const startMs = Date.now();
  for (const tasks of [5, 10, 20])
    for (const [agent, requests] of exportOf({ service, writers, tasks, startMs }).entries())
      await sendLoad({ requests }, { endpoint: tiers.endpoints[agent] ?? '', attempts: 100 });
  const where = `{service_name="${service}"}`;
  await tiers.until('every export is there', async () => {
    const [total] = await tiers.stores.query(`sum(${SUBMITTED}${where})`);
    return (total?.value ?? 0) >= writers * 20 ? true : undefined;
  });
  const [found] = await tiers.stores.query(`count(${where})`);
  return found?.value ?? 0;
}

function report(table: readonly string[][], figures: readonly [string, string][], before: number): string {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${before.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}`;
  const head = ['CPU s per million spans', 'spans', ...TIERS, ...TIERS.map((tier) => `${tier} at rest`)];
  const lines = (rows: readonly (readonly string[])[]): string => rows.map((row) => `| ${row.join(' | ')} |\n`).join('');
  return `\n## ${new Date().toISOString().slice(0, 16).replace('T', ' ')}: ${machine}\n\n${lines([head, head.map(() => '---'), ...table])}\n${lines([['what', 'figure'], ['---', '---'], ...figures])}`;
}

await main();
