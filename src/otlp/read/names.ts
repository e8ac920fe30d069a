/** Names that OTLP senders write into different places: of a scope, and of a log record's event. */
import { ATTR_EVENT_NAME, SCOPE_IN_RESOURCE, type DialectValue } from '../../semconv/index.ts';
import { cut } from './cut.ts';
import { stringIn, treeIn, type Tree } from './tree.ts';

/** Longest name of a sender, a scope, an event or a span: it is stored once a row, however often it was sent. */
export const MAX_NAME_LENGTH = 512;

/** `resource`: attributes of the sender. A sender without scopes may name one there. */
export function readScopeName(owner: Tree, resource: Readonly<Record<string, DialectValue>> = {}): string {
  const name = stringIn(treeIn(owner, 'scope') ?? {}, 'name');
  const inResource = resource[SCOPE_IN_RESOURCE];
  return cut(name === '' && typeof inResource === 'string' ? inResource : name, MAX_NAME_LENGTH);
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
