/** Names that OTLP senders write into different places: of a scope, and of a log record's event. */
import { ATTR_EVENT_NAME, type DialectValue } from '../../semconv/index.ts';
import { cut } from './cut.ts';
import { stringIn, treeIn, type Tree } from './tree.ts';

/** Longest name of a sender, a scope, an event or a span: it is stored once a row, however often it was sent. */
export const MAX_NAME_LENGTH = 512;

export function readScopeName(owner: Tree): string {
  return cut(stringIn(treeIn(owner, 'scope') ?? {}, 'name'), MAX_NAME_LENGTH);
}

/** The event name of a log record. The attribute comes first: a library may put a source position into the field. */
export function eventNameOf(record: Tree, attributes: Readonly<Record<string, DialectValue>>): string {
  const byHand = attributes[ATTR_EVENT_NAME];
  return cut(typeof byHand === 'string' && byHand !== '' ? byHand : stringIn(record, 'eventName'), MAX_NAME_LENGTH);
}

/** Programs that have no field for an event's name write it into the body: `claude_code.api_request`. */
export function isNameOf(body: string, eventName: string): boolean {
  return eventName !== '' && (body === eventName || body.endsWith(`.${eventName}`));
}
