/** Writes the request around encoded items, in the one shape that spans, metrics and logs share. */
import type { Signal } from '../../config/settings/index.ts';
import { LIST_NAMES } from '../request.ts';
import { writeAttributes } from './attributes.ts';
import { jsonAttributes } from './json.ts';
import { delimiter, WireWriter } from './wire-writer.ts';

export interface Scope {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
}

export interface ScopeItems {
  readonly scope: Scope;
  readonly chunks: Buffer[];
}

export type ResourceAttributes = Readonly<Record<string, unknown>>;

export function protobufRequest(resource: ResourceAttributes, scopes: readonly ScopeItems[]): Buffer {
  const head = new WireWriter();
  const resourceMark = head.open(1);
  writeAttributes(head, 1, resource);
  head.close(resourceMark);
  const messages = scopes.map(scopeMessage);
  const resourceBytes = finish(head);
  const inner = [resourceBytes, ...messages.flat()];
  return Buffer.concat([delimiter(1, byteLength(inner)), ...inner]);
}

function scopeMessage({ scope, chunks }: ScopeItems): Buffer[] {
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

/** The same request as OTLP/JSON; each item starts with a comma, the first one is cut off. */
export function jsonRequest(signal: Signal, resource: ResourceAttributes, scopes: readonly ScopeItems[]): Buffer {
  const [resourceName, scopeName, itemsName] = LIST_NAMES[signal];
  const parts: Buffer[] = [];
  const text = (value: string): void => void parts.push(Buffer.from(value));
  text(`{"${resourceName}":[{"resource":{"attributes":${JSON.stringify(jsonAttributes(resource))}},"${scopeName}":[`);
  scopes.forEach(({ scope: { schemaUrl, ...scope }, chunks }, index) => {
    text(
      `${index > 0 ? ',' : ''}{"scope":${JSON.stringify(scope)}${schemaUrl === undefined ? '' : `,"schemaUrl":${JSON.stringify(schemaUrl)}`},"${itemsName}":[`,
    );
    chunks.forEach((chunk, at) => parts.push(at === 0 ? chunk.subarray(1) : chunk));
    text(']}');
  });
  text(']}]}');
  return Buffer.concat(parts);
}
