/**
 * Whether what agents sent is what gateways accepted: what the counters of both tiers (docs/scale.md) grew by while the marked spans and points passed.
 * Spans and points that others send meanwhile count too.
 */
import { OTELCOL } from '../../../grafana/pipeline-metrics.ts';
import { plural } from '../../report/numbers.ts';
import { patienceOf, until, type Patience } from './await.ts';
import { readCollector, readCollectors, waiting, type Collector, type CounterRow } from './counters.ts';
import { note, ok, problem, type StackFinding } from './finding.ts';
import { placesOfCollectors, type PartName, type Places } from './parts.ts';

/** Exporters of an agent to gateways, as the overlays of deploy/collector name them. */
const TO_GATEWAYS = /^otlp_grpc\/gateway(?:s|_\d+)$/;
/** Points leave an agent by this one; the other exporter of points leads back into the same collector. */
const POINTS = 'otlp_http/prometheus';
const RECEIVER = 'otlp';
/** A request is counted by the gateway before its answer is by the agent: so long an equal account is waited for. */
const SETTLE_SECONDS = 5;

export interface Counts {
  readonly spans: number;
  readonly points: number;
}

interface Tiers {
  readonly agents: readonly Collector[];
  readonly gateways: readonly Collector[];
}

interface Totals {
  readonly sent: Counts;
  readonly accepted: Counts;
}

export interface Account {
  /** What became of at least `marked`, which was sent after the account was opened. */
  settle(marked: Counts): Promise<StackFinding[]>;
}

const isAgent = ({ rows }: Collector): boolean => rows.some(({ labels }) => TO_GATEWAYS.test(labels['exporter'] ?? ''));

export function tiersOf(collectors: readonly Collector[]): Tiers {
  return { agents: collectors.filter(isAgent), gateways: collectors.filter((each) => each.rows.length > 0 && !isAgent(each)) };
}

/** Undefined where there are not two tiers whose counters can be read. */
export async function openAccount(places: Places, there: ReadonlySet<PartName>, patience: Patience): Promise<Account | undefined> {
  const collectors = await readCollectors(places, there);
  if (collectors === undefined) return undefined;
  const { agents, gateways } = tiersOf(collectors);
  const isNamed = there.has('collectorTelemetry');
  if (agents.length === 0 || gateways.length === 0) {
    if (places.collectors.length < 2) return undefined;
    const which = agents.length === 0 ? 'an agent' : 'a gateway';
    return { settle: () => Promise.resolve([problem('tiers', `none of the named collectors is ${which}`, NAME_ALL)]) };
  }
  const read = isNamed ? readerOf(places, agents, gateways) : async () => tiersOf((await readCollectors(places, there)) ?? []);
  // What a gateway has accepted is read before and after what the agents have sent: so it is never less without a reason.
  const before = totalsOf(await read('gateways first'));
  return {
    async settle(marked) {
      let last = { agents, gateways };
      const grown = async (): Promise<Totals> => grownBetween(before, totalsOf((last = await read('agents first'))));
      let account = await until(patience, grown, (each) => covers(each, marked));
      if (covers(account, marked) && !isEqual(account)) account = await until(patienceOf(SETTLE_SECONDS), grown, isEqual);
      return [findingOf(account, marked, last, isNamed)];
    },
  };
}

type Order = 'gateways first' | 'agents first';

function readerOf(places: Places, agents: readonly Collector[], gateways: readonly Collector[]): (order: Order) => Promise<Tiers> {
  const all = placesOfCollectors(places);
  const readAll = (tier: readonly Collector[]): Promise<Collector[]> =>
    Promise.all(all.filter(({ urls }) => tier.some(({ source }) => source === urls.collectorTelemetry)).map(readCollector));
  return async (order) => {
    if (order === 'agents first') {
      const read = await readAll(agents);
      return { agents: read, gateways: await readAll(gateways) };
    }
    const read = await readAll(gateways);
    return { agents: await readAll(agents), gateways: read };
  };
}

function totalsOf({ agents, gateways }: Tiers): Totals {
  const total = (tier: readonly Collector[], metric: { prometheus: string }, isIt: (labels: CounterRow['labels']) => boolean): number =>
    tier
      .flatMap(({ rows }) => rows)
      .filter(({ name, labels }) => name === metric.prometheus && isIt(labels))
      .reduce((sum, { value }) => sum + value, 0);
  const isTaken = ({ receiver }: CounterRow['labels']): boolean => receiver === RECEIVER;
  return {
    sent: {
      spans: total(agents, OTELCOL.sentSpans, ({ exporter = '' }) => TO_GATEWAYS.test(exporter)),
      points: total(agents, OTELCOL.sentPoints, ({ exporter }) => exporter === POINTS),
    },
    accepted: { spans: total(gateways, OTELCOL.acceptedSpans, isTaken), points: total(gateways, OTELCOL.acceptedPoints, isTaken) },
  };
}

function grownBetween(before: Totals, after: Totals): Totals {
  const less = (a: Counts, b: Counts): Counts => ({ spans: a.spans - b.spans, points: a.points - b.points });
  return { sent: less(after.sent, before.sent), accepted: less(after.accepted, before.accepted) };
}

const isAtLeast = (a: Counts, b: Counts): boolean => a.spans >= b.spans && a.points >= b.points;
const covers = ({ sent, accepted }: Totals, marked: Counts): boolean => isAtLeast(sent, marked) && isAtLeast(accepted, sent);
const isEqual = ({ sent, accepted }: Totals): boolean => sent.spans === accepted.spans && sent.points === accepted.points;

const NAME_ALL = 'name the counters of the agent to which this sends and of every gateway: --collector-telemetry URL for each';

function findingOf({ sent, accepted }: Totals, marked: Counts, last: Tiers, isNamed: boolean): StackFinding {
  const said = `${plural(last.agents.length, 'agent')} sent ${counted(sent)}, ${plural(last.gateways.length, 'gateway')} accepted ${counted(accepted)}`;
  if (isEqual({ sent, accepted }) && isAtLeast(sent, marked)) return ok('tiers', `${said} meanwhile`);
  if (!isAtLeast(sent, { spans: 0, points: 0 }) || !isAtLeast(accepted, { spans: 0, points: 0 }))
    return note('tiers', 'a collector was started anew meanwhile, and began to count again', 'ask once more');
  // Prometheus scrapes one after the other, each at its own time: what differs is no evidence.
  if (!isNamed) return note('tiers', `${said}, as Prometheus scraped them last`, NAME_ALL);
  if (!isAtLeast(sent, marked)) {
    const held = [waiting(last.agents, 'traces'), waiting(last.agents, 'metrics')].filter((text) => text !== '').join(', ');
    return problem('tiers', `${said}, and ${counted(marked)} went in${held === '' ? '' : `: ${held}`}`, NAME_ALL);
  }
  if (!isAtLeast(accepted, sent)) return problem('tiers', `${said}: others took the rest`, NAME_ALL);
  return ok('tiers', `${said} meanwhile: nothing is missing, and others send to them too`);
}

const counted = ({ spans, points }: Counts): string => `${spans.toLocaleString('en')} spans and ${points.toLocaleString('en')} points`;
