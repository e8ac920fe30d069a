/** Sends the marked span, point and log record to the collector, and finds each again where it should be. */
import { cancel, laterHeld } from '../../../config/originals.ts';
import type { Signal } from '../../../config/settings/index.ts';
import { ConnectionError, HttpClient, withoutCredentials, type ClientOptions } from '../../../otlp/post/index.ts';
import { readPartialSuccess } from '../../../otlp/read/answer.ts';
import { CONTENT_TYPE, REJECTED_NAME } from '../../../otlp/request.ts';
import type { Marks } from '../../../viewer/index.ts';
import { ask, jsonOf, TIMEOUT_MS, type Answer } from './ask.ts';
import { until, type Patience } from './await.ts';
import { acceptedLogs, readCollectors, waiting, type Collector } from './counters.ts';
import { note, ok, problem, unanswered, type StackFinding } from './finding.ts';
import { to, type PartName, type Places } from './parts.ts';
import { openAccount } from './tiers.ts';

export interface Sending {
  readonly marks: Marks;
  readonly places: Places;
  readonly patience: Patience;
  /** Of OTLP requests alone: they may hold a token of the collector. */
  readonly headers: Readonly<Record<string, string>>;
  /** Paths of PEM files; empty text means none. */
  readonly tls: Pick<ClientOptions, 'certificate' | 'clientCertificate' | 'clientKey'>;
  /** Parts that answer; of others nothing is asked. */
  readonly there: ReadonlySet<PartName>;
  /** What keeps the points out of Prometheus, when it is known already. */
  readonly isOtlpOff: boolean;
}

const SIGNALS = [
  { signal: 'traces', subject: 'span' },
  { signal: 'metrics', subject: 'point' },
  { signal: 'logs', subject: 'log' },
] as const;
type Exchange = (typeof SIGNALS)[number] & { readonly answer: Answer };

export async function sendAndFind(sending: Sending): Promise<StackFinding[]> {
  const { places, there, patience, marks } = sending;
  const before = await countersOf(sending);
  const account = await openAccount(places, there, patience);
  const exchanges = await Promise.all(SIGNALS.map(async (sent) => ({ ...sent, answer: await post(sent.signal, sending) })));
  const [first] = exchanges;
  const isOneFault = ({ answer }: (typeof exchanges)[number]): boolean =>
    answer.status !== 200 && answer.status === first?.answer.status && answer.problem === first.answer.problem;
  if (first !== undefined && exchanges.every(isOneFault)) {
    return [
      unanswered('collector', 'collector', first.answer, places),
      note('collector', 'nothing was sent: no span, no point, no log record'),
    ];
  }
  const marked = { spans: marks.traceIds.length, points: 1 };
  const [settled, ...findings] = await Promise.all([
    account?.settle(marked),
    ...exchanges.map((exchange) => found(exchange, sending, before)),
  ]);
  return [ok('collector', 'there, takes OTLP'), ...findings, ...(settled ?? [])];
}

/** Never rejects. */
async function post(signal: Signal, { places, marks, headers, tls }: Sending): Promise<Answer> {
  // The sockets of the client do not keep a process alive.
  const held = laterHeld(TIMEOUT_MS, () => undefined);
  try {
    const { url, login } = withoutCredentials(places.urls.collector);
    url.search = '';
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`;
    const { certificate, clientCertificate, clientKey } = tls;
    const client = new HttpClient({
      url,
      headers: { ...login, ...headers, 'content-type': CONTENT_TYPE.json },
      certificate,
      clientCertificate,
      clientKey,
    });
    const { status, body } = await client.post(Buffer.from(marks.requests[signal]), TIMEOUT_MS);
    return { status, text: body.toString('utf8'), problem: '', clockAheadMs: undefined };
  } catch (error) {
    return { status: 0, text: '', problem: error instanceof ConnectionError ? error.code : 'error', clockAheadMs: undefined };
  } finally {
    cancel(held);
  }
}

async function found(
  { signal, subject, answer }: Exchange,
  sending: Sending,
  before: readonly Collector[] | undefined,
): Promise<StackFinding> {
  if (answer.status !== 200) return unanswered(subject, 'collector', answer, sending.places);
  const { rejected, message } = readPartialSuccess(Buffer.from(answer.text), signal, 'json');
  const said = [
    ...(rejected > 0 ? [`${REJECTED_NAME[signal]}: ${rejected}`] : []),
    ...(message === '' ? [] : [`errorMessage: ${message}`]),
  ];
  if (said.length > 0) return problem(subject, `the collector rejects it (${said.join(', ')})`);
  const look = { traces: findSpan, metrics: findPoint, logs: findLog }[signal];
  return look(sending, before);
}

async function findSpan(sending: Sending): Promise<StackFinding> {
  const { marks, places, patience, there } = sending;
  const all = marks.traceIds;
  const what = all.length === 1 ? `trace ${marks.traceId}` : `${all.length} traces, one for each last digit,`;
  if (!there.has('tempo')) return unasked('span', `${what} was taken by the collector`, 'Tempo', await heldBack(sending, 'traces'));
  const startMs = performance.now();
  const statuses = new Map<string, Answer>();
  const absent = (): string[] => all.filter((id) => statuses.get(id)?.status === 404);
  await until(
    patience,
    () => Promise.all(all.filter((id) => statuses.get(id)?.status !== 200).map(async (id) => statuses.set(id, await askTrace(places, id)))),
    () => absent().length === 0,
  );
  const failed = [...statuses.values()].find(({ status }) => status !== 200 && status !== 404);
  if (failed !== undefined) return unanswered('span', 'tempo', failed, places);
  if (absent().length === 0) return ok('span', `${what} ${all.length === 1 ? 'was' : 'were'} found in Tempo ${after(startMs)}`);
  const digits = absent().map((id) => id.at(-1));
  return missing({
    subject: 'span',
    what: all.length === 1 ? what : `of ${all.length} traces that of last digit ${digits.sort().join(', ')}`,
    where: 'Tempo',
    service: 'tempo',
    seconds: patience.seconds,
    held: await heldBack(sending, 'traces'),
  });
}

/** In the tenant, else in that of what is kept for long: a gateway may store nothing but what is chosen (deploy/collector/sample.yaml). */
async function askTrace(places: Places, traceId: string): Promise<Answer> {
  const askIn = (tenant: string): Promise<Answer> =>
    ask(to('tempo', { ...places, tenant }, `/api/traces/${traceId}`, { accept: 'application/json' }));
  const answer = await askIn(places.tenant);
  if (answer.status !== 404 || places.tenant === '') return answer;
  const kept = await askIn(`${places.tenant}-kept`);
  return kept.status === 200 ? kept : answer;
}

async function findPoint(sending: Sending): Promise<StackFinding> {
  const { marks, places, patience, there, isOtlpOff } = sending;
  const what = `${marks.pointName} ${marks.value}`;
  if (!there.has('prometheus'))
    return unasked('point', `${what} was taken by the collector`, 'Prometheus', await heldBack(sending, 'metrics'));
  if (isOtlpOff) return note('point', `${what} was taken by the collector; Prometheus cannot take it`);
  const startMs = performance.now();
  // All points of the last minutes: another check may have sent a later one meanwhile.
  const path = `/api/v1/query?query=${encodeURIComponent(`${marks.pointName}[10m]`)}`;
  const isIt = (answer: Answer): boolean =>
    (jsonOf<{ data?: { result?: { values?: [number, string][] }[] } }>(answer)?.data?.result ?? []).some(({ values = [] }) =>
      values.some(([, value]) => Number(value) === marks.value),
    );
  const answer = await until(
    patience,
    () => ask(to('prometheus', places, path)),
    (each) => each.status !== 200 || isIt(each),
  );
  if (answer.status !== 200) return unanswered('point', 'prometheus', answer, places);
  if (isIt(answer)) return ok('point', `${what} was found in Prometheus ${after(startMs)}`);
  const held = await heldBack(sending, 'metrics');
  return missing({ subject: 'point', what, where: 'Prometheus', service: 'prometheus', seconds: patience.seconds, held });
}

/** There is no store for logs yet: the collector's own count is the last place where one can be seen. */
async function findLog(sending: Sending, before: readonly Collector[] | undefined): Promise<StackFinding> {
  if (before === undefined) return note('log', 'taken by the collector; its counters cannot be read, so nothing more is known');
  const had = acceptedLogs(before);
  const { patience } = sending;
  const rows = await until(
    patience,
    async () => (await countersOf(sending)) ?? [],
    (each) => acceptedLogs(each) > had,
  );
  if (acceptedLogs(rows) > had) return ok('log', 'counted by the collector, where logs end until a store for them is added');
  return problem('log', `the collector took it and has not counted it within ${patience.seconds} s`, 'docker compose logs otel-collector');
}

/** Undefined where neither the page nor Prometheus can be asked. */
function countersOf({ there, places }: Sending): Promise<Collector[] | undefined> {
  return readCollectors(places, there);
}

async function heldBack(sending: Sending, dataType: 'traces' | 'metrics'): Promise<string> {
  return waiting((await countersOf(sending)) ?? [], dataType);
}

function after(startMs: number): string {
  return `after ${((performance.now() - startMs) / 1_000).toFixed(1)} s`;
}

/** The backend's own finding is the problem. */
function unasked(subject: 'span' | 'point', what: string, where: string, held: string): StackFinding {
  return note(subject, `${what}; ${where} cannot be asked${held === '' ? '' : `, and ${held}`}`);
}

function missing({
  subject,
  what,
  where,
  service,
  seconds,
  held,
}: {
  subject: 'span' | 'point';
  what: string;
  where: string;
  service: string;
  seconds: number;
  held: string;
}): StackFinding {
  const text = `${what} was taken by the collector and is not in ${where} after ${seconds} s${held === '' ? '' : `: ${held}`}`;
  return problem(
    subject,
    text,
    `docker compose logs otel-collector, for what its exporter says of ${service}; then docker compose logs ${service}`,
  );
}
