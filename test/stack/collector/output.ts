// What the real collector hands on, as it stands in the file of an exporter put beside the repository's own.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../harness/index.ts';
import { startStack, type PartName, type Stack } from '../../harness/stack/index.ts';
import { replaceAll } from '../../harness/stack/replace.ts';

/** A value as OTLP's JSON holds it. */
export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
}
export interface Pair {
  readonly key: string;
  readonly value: AnyValue;
}
interface Named {
  readonly attributes?: readonly Pair[];
}
interface Span extends Named {
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly kind?: number;
}
export type Attributes = Record<string, string | number | boolean | readonly (string | number | boolean)[]>;

/** One line of the file, or one request. */
export interface Message {
  readonly resourceSpans?: readonly {
    readonly resource?: Named;
    readonly scopeSpans: readonly { readonly scope?: { readonly name?: string }; readonly spans: readonly Span[] }[];
  }[];
  readonly resourceLogs?: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly Named[] }[] }[];
}

export interface Collector {
  readonly stack: Stack;
  /** Everything handed on so far, as text. */
  text(): string;
  spans(): { name: string; kind: number; spanId: string; traceId: string; attributes: Attributes }[];
  logs(): Attributes[];
}

/** Spans and log records go to a file, metrics to the real Prometheus. */
export async function startCollector(parts: readonly PartName[] = ['prometheus', 'collector']): Promise<Collector> {
  const file = join(freshFolder('collector'), 'handed-on.jsonl');
  const stack = await startStack({
    parts,
    collector: {
      env: { HANDED_ON: file },
      config: (text) =>
        replaceAll('otel-collector.yaml', text, {
          'exporters: [otlp_grpc/tempo, span_metrics, signal_to_metrics]': 'exporters: [file/test, span_metrics, signal_to_metrics]',
          'exporters: [debug/logs, signal_to_metrics]': 'exporters: [debug/logs, file/test, signal_to_metrics]',
          '  debug/logs: {': '  file/test: { path: "${env:HANDED_ON}", flush_interval: 100ms }\n  debug/logs: {',
        }),
    },
  });
  const text = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  // The last line may be half written.
  const messages = (): Message[] =>
    text()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Message);
  return {
    stack,
    text,
    spans: () =>
      messages()
        .flatMap(({ resourceSpans = [] }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map(({ name, kind = 0, spanId, traceId, attributes }) => ({ name, kind, spanId, traceId, attributes: plain(attributes) })),
    logs: () =>
      messages()
        .flatMap(({ resourceLogs = [] }) => resourceLogs)
        .flatMap(({ scopeLogs }) => scopeLogs)
        .flatMap(({ logRecords }) => logRecords)
        .map(({ attributes }) => plain(attributes)),
  };
}

export function plain(pairs: readonly Pair[] = []): Attributes {
  return Object.fromEntries(pairs.flatMap(({ key, value }) => (valueOf(value) === undefined ? [] : [[key, valueOf(value) as string]])));
}

function valueOf({ stringValue, boolValue, intValue, doubleValue, arrayValue }: AnyValue): Attributes[string] | undefined {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map((value) => valueOf(value) as string);
  return stringValue ?? boolValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue));
}

export function pairs(attributes: Attributes): Pair[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Attributes[string]): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  return { arrayValue: { values: value.map(anyValue) } };
}

/** Throws unless it is taken as a whole. */
export async function post(endpoint: string, signal: string, body: unknown): Promise<void> {
  const answer = await fetch(`${endpoint}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const said = await answer.text();
  if (!answer.ok || /rejected/i.test(said)) throw new Error(`${signal}: ${answer.status} ${said}`);
}
