/** The request around encoded items: the same shape for spans, metrics and logs, so one function serves all three. */
import type { Signal } from '../../config/settings.ts';
import { writeAttributes } from './attributes.ts';
import { jsonAttributes } from './json.ts';
import { WireWriter } from './wire-writer.ts';

export interface Scope {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
}

/** Items of one scope, encoded, in order. */
export interface Run {
  readonly scope: Scope;
  readonly chunks: Buffer[];
}

export type ResourceAttributes = Readonly<Record<string, unknown>>;

/** An `Export…ServiceRequest` in protobuf. */
export function protobufRequest(resource: ResourceAttributes, runs: readonly Run[]): Buffer {
  const head = new WireWriter();
  const resourceMark = head.open(1);
  writeAttributes(head, 1, resource);
  head.close(resourceMark);
  const scopes = runs.map(scopeMessage);
  const resourceBytes = finish(head);
  const inner = [resourceBytes, ...scopes.flat()];
  return Buffer.concat([delimiter(1, byteLength(inner)), ...inner]);
}

function scopeMessage({ scope, chunks }: Run): Buffer[] {
  const head = new WireWriter();
  const mark = head.open(1);
  head.string(1, scope.name);
  if (scope.version !== undefined && scope.version !== '') head.string(2, scope.version);
  head.close(mark);
  if (scope.schemaUrl !== undefined && scope.schemaUrl !== '') head.string(3, scope.schemaUrl);
  const message = [finish(head), ...chunks];
  return [delimiter(2, byteLength(message)), ...message];
}

function finish(writer: WireWriter): Buffer {
  writer.commit();
  return Buffer.concat(writer.takeChunks());
}

function byteLength(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Tag and length of a length-delimited field. */
function delimiter(field: number, length: number): Buffer {
  const bytes = [(field << 3) | 2];
  let rest = length;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

const JSON_NAMES: Record<Signal, readonly [resource: string, scope: string, items: string]> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
};

/** The same request as OTLP/JSON; each item starts with a comma, the first one is cut off. */
export function jsonRequest(signal: Signal, resource: ResourceAttributes, runs: readonly Run[]): Buffer {
  const [resourceName, scopeName, itemsName] = JSON_NAMES[signal];
  const parts: Buffer[] = [];
  const text = (value: string): void => void parts.push(Buffer.from(value));
  text(`{"${resourceName}":[{"resource":{"attributes":${JSON.stringify(jsonAttributes(resource))}},"${scopeName}":[`);
  runs.forEach((run, index) => {
    const { schemaUrl, ...scope } = run.scope;
    text(
      `${index > 0 ? ',' : ''}{"scope":${JSON.stringify(scope)}${schemaUrl === undefined ? '' : `,"schemaUrl":${JSON.stringify(schemaUrl)}`},"${itemsName}":[`,
    );
    run.chunks.forEach((chunk, at) => parts.push(at === 0 ? chunk.subarray(1) : chunk));
    text(']}');
  });
  text(']}]}');
  return Buffer.concat(parts);
}
