/**
 * What two tiers need for so many agents, from the figures of `bench/scale.md`: the lines of the table in `docs/scale.md`.
 * `node tools/sizing.ts [agents] [seconds between calls] [nodes] [spans a request]`; default 10,000, 5, 200, 50.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** CPU seconds, bytes and series, each of one span, request or run. */
export interface Figures {
  /** What a request costs at the agents whatever is in it, and each span more. */
  readonly agentRequestSeconds: number;
  readonly agentSpanSeconds: number;
  readonly gatewaySpanSeconds: number;
  readonly tempoSpanSeconds: number;
  readonly wireBytes: number;
  readonly storedBytes: number;
  readonly seriesOfRun: number;
  readonly seriesOfFoldedRun: number;
  readonly seriesOfService: number;
}

export interface Fleet {
  readonly agents: number;
  /** Between two calls of a model by one agent. */
  readonly secondsPerCall: number;
  readonly nodes: number;
  readonly spansPerRequest: number;
}

/** A task of five calls is 22 spans. */
const SPANS_PER_CALL = 5;
const AGENTS_PER_RUN = 20;
const RUN_MINUTES = 30;
/** Prometheus and Mimir hold a series in memory for as long after its last point. */
const HEAD_HOURS = 3;
/** Taken for a real run: each keeps its sender, folded or not; the runs of the bench have one. */
const GAUGES_PER_RUN = 50;
/** Of what is worth it in an ordinary mix: 9 %, and 5 % of the rest. */
const KEPT_SHARE = 0.13;
/** `deploy/retention.yaml`. */
const DAYS = 3;
const KEPT_DAYS = 90;
/** A list price of an object store, for a month. */
const USD_PER_GB = 0.023;
const DAY_SECONDS = 86_400;
const GB = 1e9;

/** The figures of the last run that the file tells of. @throws Error when a row is missing. */
export function readFigures(text: string): Figures {
  const last = text.slice(text.lastIndexOf('\n## '));
  const cells = (name: string): number[] => {
    const line = last.split('\n').find((each) => each.split('|')[1]?.trim() === name);
    if (line === undefined) throw new Error(`bench/scale.md has no row "${name}"`);
    return line.split('|').slice(2).map(Number.parseFloat);
  };
  const first = (name: string): number => cells(name)[0] ?? Number.NaN;
  const perMillion = (name: string): { agents: number; gateways: number; tempo: number } => {
    const [, agents = Number.NaN, gateways = Number.NaN, tempo = Number.NaN] = cells(name);
    return { agents: agents / 1e6, gateways: gateways / 1e6, tempo: tempo / 1e6 };
  };
  const large = perMillion('shards and keep, 400 spans a request');
  const small = perMillion('shards and keep, 2 spans a request');
  // A span costs s + r / n, of which n are in a request that costs r.
  const agentRequestSeconds = (small.agents - large.agents) / (1 / 2 - 1 / 400);
  return {
    agentRequestSeconds,
    agentSpanSeconds: large.agents - agentRequestSeconds / 400,
    gatewaySpanSeconds: large.gateways,
    tempoSpanSeconds: large.tempo,
    wireBytes: first('bytes a span on the wire'),
    storedBytes: first('bytes a span in blocks of Tempo'),
    seriesOfRun: first('series of each further run, as they come'),
    seriesOfFoldedRun: first('series of each further run, folded'),
    seriesOfService: first('series of a service on a node, folded'),
  };
}

/** Rows of the table: what, how much, and how it is computed. */
export function sizeOf(
  figures: Figures,
  { agents, secondsPerCall, nodes, spansPerRequest }: Fleet,
): [what: string, howMuch: string, how: string][] {
  const spans = (agents / secondsPerCall) * SPANS_PER_CALL;
  const requests = spans / spansPerRequest;
  const agentCores = requests * figures.agentRequestSeconds + spans * figures.agentSpanSeconds;
  const storedGb = (spans * figures.storedBytes * DAY_SECONDS) / GB;
  const sampledGb = storedGb * DAYS + storedGb * KEPT_SHARE * KEPT_DAYS;
  const runs = (agents / AGENTS_PER_RUN) * (1 + (HEAD_HOURS * 60) / RUN_MINUTES);
  const seriesPerRun = figures.seriesOfFoldedRun + GAUGES_PER_RUN - 1;
  const folded = nodes * figures.seriesOfService + runs * seriesPerRun;
  const money = (gb: number): string => `${number(gb * USD_PER_GB)} USD a month`;
  return [
    ['spans a second, S', number(spans), `agents / seconds between calls × ${SPANS_PER_CALL}`],
    ['requests a second, R', number(requests), `S / ${spansPerRequest} spans a request`],
    ['on the wire', `${fixed((spans * figures.wireBytes) / 1e6)} MB a second`, `S × ${figures.wireBytes} bytes`],
    [
      'agents together',
      `${fixed(agentCores)} cores, ${fixed((agentCores / nodes) * 1_000)} millicores a node`,
      `R × ${micro(figures.agentRequestSeconds)} + S × ${micro(figures.agentSpanSeconds)}`,
    ],
    ['gateways together', `${fixed(spans * figures.gatewaySpanSeconds)} cores`, `S × ${micro(figures.gatewaySpanSeconds)}`],
    ['Tempo, without queries', `${fixed(spans * figures.tempoSpanSeconds)} cores`, `S × ${micro(figures.tempoSpanSeconds)}`],
    ['stored a day', `${number(storedGb)} GB`, `S × ${figures.storedBytes} bytes × ${number(DAY_SECONDS)}`],
    [
      `${DAYS} days of all, ${KEPT_DAYS} of ${KEPT_SHARE * 100} %`,
      `${number(sampledGb)} GB, ${money(sampledGb)}`,
      `at ${USD_PER_GB} USD a GB`,
    ],
    [`${KEPT_DAYS} days of all`, `${number(storedGb * KEPT_DAYS)} GB, ${money(storedGb * KEPT_DAYS)}`, 'without a choice'],
    ['series in memory, folded', number(folded), `nodes × ${figures.seriesOfService} + runs of ${HEAD_HOURS} hours × ${seriesPerRun}`],
    [
      'series in memory, as they come',
      number(runs * (figures.seriesOfRun + GAUGES_PER_RUN - 1)),
      `runs of ${HEAD_HOURS} hours × ${figures.seriesOfRun + GAUGES_PER_RUN - 1}`,
    ],
  ];
}

export function tableOf(rows: readonly (readonly string[])[]): string {
  return [['what', 'how much', 'how'], ['---', '---', '---'], ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const number = (value: number): string => Math.round(value).toLocaleString('en');
const fixed = (value: number): string => (value < 10 ? value.toPrecision(2) : number(value));
const micro = (seconds: number): string => `${(seconds * 1e6).toFixed(0)} µs`;

if (process.argv[1] === import.meta.filename) {
  const [agents = 10_000, secondsPerCall = 5, nodes = 200, spansPerRequest = 50] = process.argv.slice(2).map(Number);
  if (![agents, secondsPerCall, nodes, spansPerRequest].every((value) => value > 0))
    throw new Error('Expected numbers above 0: [agents] [seconds between calls] [nodes] [spans a request]');
  const figures = readFigures(readFileSync(join(import.meta.dirname, '../bench/scale.md'), 'utf8'));
  console.log(tableOf(sizeOf(figures, { agents, secondsPerCall, nodes, spansPerRequest })));
}
