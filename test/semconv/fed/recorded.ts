/** What OTLP requests say, by name: read from their JSON here, without the product's own reader. */
import type { Sink } from '../../harness/index.ts';
import { metricPointsOf } from '../../harness/received.ts';

interface Named {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, unknown>;
}

export interface RecordedSpan extends Named {
  readonly scope: string;
  /** OTLP's number: 1 internal, 3 client. */
  readonly kind: number;
}

export interface Recorded {
  readonly resources: readonly ReadonlyMap<string, unknown>[];
  readonly spans: readonly RecordedSpan[];
  /** Events on spans. */
  readonly spanEvents: readonly Named[];
  /** Log records with an event name. */
  readonly events: readonly Named[];
  /** One entry a point. */
  readonly points: readonly Named[];
}

/** Any node of an OTLP request in JSON; what is not there reads as undefined. */
interface Node {
  readonly [field: string]: Node & string & number & readonly Node[];
}

interface Bodies {
  readonly traces: readonly Buffer[];
  readonly metrics: readonly Buffer[];
  readonly logs: readonly Buffer[];
}

/** Reads all that `sink` took. `swarmscope run` sends protobuf: of its requests only the metrics are read, by the product's reader. */
export function recordedIn(sink: Sink): Recorded {
  const json = (signal: keyof Bodies): Buffer[] =>
    sink
      .accepted(signal)
      .filter(({ contentType }) => contentType.startsWith('application/json'))
      .map(({ body }) => body);
  return readBodies({ traces: json('traces'), metrics: json('metrics'), logs: json('logs') }, metricPointsOf(sink));
}

/** Bodies of OTLP/JSON requests, and the points that are in those of metrics. */
export function readBodies(bodies: Bodies, points: readonly { readonly name: string; readonly attributes: object }[]): Recorded {
  const groups = (signal: keyof Bodies, field: string): Node[] =>
    bodies[signal].flatMap((body) => [...((JSON.parse(body.toString()) as Node)[field] ?? [])]);
  const traces = groups('traces', 'resourceSpans');
  const metrics = groups('metrics', 'resourceMetrics');
  const logs = groups('logs', 'resourceLogs');
  const spans = traces
    .flatMap((group) => listOf(group, 'scopeSpans'))
    .flatMap((scope) => listOf(scope, 'spans').map((span) => ({ scope: scope['scope']?.['name'] ?? '', span })));
  return {
    resources: [...traces, ...metrics, ...logs].map((group) => attributesOf(group['resource'])),
    spans: spans.map(({ scope, span }) => ({ ...namedBy(span, 'name'), scope, kind: span['kind'] ?? 0 })),
    spanEvents: spans.flatMap(({ span }) => listOf(span, 'events')).map((event) => namedBy(event, 'name')),
    events: logs
      .flatMap((group) => listOf(group, 'scopeLogs'))
      .flatMap((scope) => listOf(scope, 'logRecords'))
      .map((record) => namedBy(record, 'eventName')),
    points: points.map(({ name, attributes }) => ({ name, attributes: attributesIn(attributes) })),
  };
}

/** What is undefined is absent. */
export function attributesIn(attributes: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

export function together(all: readonly Recorded[]): Recorded {
  const joined = <Field extends keyof Recorded>(field: Field): Recorded[Field][number][] => all.flatMap((each) => [...each[field]]);
  return {
    resources: joined('resources'),
    spans: joined('spans'),
    spanEvents: joined('spanEvents'),
    events: joined('events'),
    points: joined('points'),
  };
}

function listOf(node: Node | undefined, field: string): readonly Node[] {
  return node?.[field] ?? [];
}

function namedBy(node: Node, field: string): Named {
  return { name: node[field] ?? '', attributes: attributesOf(node) };
}

function attributesOf(node: Node | undefined): ReadonlyMap<string, unknown> {
  return new Map(listOf(node, 'attributes').map((entry) => [entry['key'] ?? '', valueOf(entry['value'])]));
}

function valueOf(value: Node | undefined): unknown {
  if (value === undefined) return undefined;
  if (value['arrayValue'] !== undefined) return listOf(value['arrayValue'], 'values').map(valueOf);
  return value['stringValue'] ?? value['boolValue'] ?? value['doubleValue'] ?? value['intValue'];
}
