/** Reads the dialects into the rules that the receiver applies. */
import { parse } from 'yaml';
import type {
  Dialect,
  DialectAttributeRule,
  DialectEvent,
  DialectMeter,
  DialectObserver,
  DialectSpanRule,
} from '../../src/semconv/types.ts';

export type { Dialect };

type Node = Record<string, unknown>;

const ATTRIBUTE_FIELDS = new Set(['from', 'to', 'scale', 'offset', 'add', 'values', 'text', 'wrap', 'override', 'at_least']);
const SPAN_FIELDS = new Set(['when', 'name', 'kind', 'set', 'copy', 'drop']);
const EVENT_FIELDS = new Set(['event', 'counts', 'milliseconds']);
const OBSERVERS: readonly DialectObserver[] = ['agent', 'kernel', 'library'];
const COUNTED: readonly DialectEvent['counts'][] = ['call', 'usage', 'tool'];
const WHEN_FIELDS = new Set(['name', 'attribute', 'equals', 'below']);

/** Parses the text of the dialects. Throws an `Error` that names the dialect when the shape is wrong. */
export function readDialects(text: string): Dialect[] {
  return items(node(parse(text), 'the dialects')['dialects'], 'the dialects').map((entry) => {
    const at = node(entry, 'a dialect');
    const name = word(at['name'], 'a dialect');
    const match = node(at['match'], `match of ${name}`);
    return {
      name,
      observer: oneOf(at['observer'] ?? 'library', OBSERVERS, `observer of ${name}`),
      match: {
        namePrefixes: words(match['name_prefixes'], name),
        scopePrefixes: words(match['scope_prefixes'], name),
        attributes: words(match['attributes'], name),
      },
      isNoisy: at['noisy'] === true,
      keep: words(at['keep'], name),
      attributes: items(at['attributes'], name).map((rule) => readAttributeRule(rule, name)),
      spans: items(at['spans'], name).map((rule) => readSpanRule(rule, name)),
      events: items(at['logs'] ?? [], name).map((rule) => readEvent(rule, name)),
      meters: readMeters([...rulesIn(at['metrics'], name), ...items(at['meters'] ?? [], name)], name),
    };
  });
}

function readAttributeRule(entry: unknown, dialect: string): DialectAttributeRule {
  const at = node(entry, `a rule of ${dialect}`);
  const what = `${dialect}, ${String(at['from'])}`;
  onlyFields(at, ATTRIBUTE_FIELDS, what);
  const { scale, offset, add, values, at_least: atLeast } = at;
  if (scale !== undefined && typeof scale !== 'number') throw new Error(`${what}: scale must be a number`);
  if (offset !== undefined && typeof offset !== 'number') throw new Error(`${what}: offset must be a number`);
  if (atLeast !== undefined && typeof atLeast !== 'number') throw new Error(`${what}: at_least must be a number`);
  return {
    from: word(at['from'], what),
    to: word(at['to'], what),
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(scale === undefined ? {} : { scale }),
    ...(offset === undefined ? {} : { offset }),
    ...(add === undefined ? {} : { add: words(add, what) }),
    ...(values === undefined ? {} : { values: dictionary(values, what) }),
    ...(at['text'] === true ? { text: true } : {}),
    ...(at['wrap'] === true ? { wrap: true } : {}),
    ...(at['override'] === true ? { override: true } : {}),
  };
}

function readSpanRule(entry: unknown, dialect: string): DialectSpanRule {
  const at = node(entry, `a span rule of ${dialect}`);
  onlyFields(at, SPAN_FIELDS, dialect);
  return {
    when: readCondition(at['when'], dialect),
    ...(at['name'] === undefined ? {} : { name: word(at['name'], dialect) }),
    ...(typeof at['kind'] === 'number' ? { kind: at['kind'] } : {}),
    set: dictionary(at['set'], dialect),
    ...(at['copy'] === undefined ? {} : { copy: dictionary(at['copy'], dialect) }),
    ...(at['drop'] === undefined ? {} : { drop: words(at['drop'], dialect) }),
  };
}

function readEvent(entry: unknown, dialect: string): DialectEvent {
  const at = node(entry, `an event of ${dialect}`);
  onlyFields(at, EVENT_FIELDS, `an event of ${dialect}`);
  const { milliseconds } = at;
  return {
    event: word(at['event'], dialect),
    counts: oneOf(at['counts'], COUNTED, `an event of ${dialect}`),
    ...(milliseconds === undefined ? {} : { milliseconds: word(milliseconds, dialect) }),
  };
}

const rulesIn = (metrics: unknown, dialect: string): unknown[] =>
  metrics === undefined ? [] : items(node(metrics, `metrics of ${dialect}`)['rules'], `metrics of ${dialect}`);

/** Of the rules for metrics those that make one of ours; the others are for the collector. */
function readMeters(rules: readonly unknown[], dialect: string): DialectMeter[] {
  return rules.flatMap((entry): DialectMeter[] => {
    const { from, where, to } = node(entry, `a metric of ${dialect}`);
    if (to === undefined) return [];
    const values = Object.entries(where === undefined ? {} : node(where, `where of ${dialect}`));
    return [
      {
        from: word(from, dialect),
        to: word(to, dialect),
        ...(values.length === 0 ? {} : { where: Object.fromEntries(values.map(([name, list]) => [name, words(list, dialect)])) }),
      },
    ];
  });
}

function oneOf<Value extends string>(value: unknown, values: readonly Value[], what: string): Value {
  const found = values.find((each) => each === value);
  if (found === undefined) throw new Error(`${what} must be one of ${values.join(', ')}, found ${String(value)}`);
  return found;
}

/** A rule without any condition would take every span. */
function readCondition(entry: unknown, dialect: string): DialectSpanRule['when'] {
  const when = node(entry, `when of ${dialect}`);
  onlyFields(when, WHEN_FIELDS, `when of ${dialect}`);
  const name = when['name'] === undefined ? {} : { name: word(when['name'], dialect) };
  if (when['name'] !== undefined && when['attribute'] === undefined) return name;
  const attribute = word(when['attribute'], dialect);
  if (typeof when['below'] === 'number') return { ...name, attribute, below: when['below'] };
  const { equals } = when;
  return { ...name, attribute, equals: typeof equals === 'boolean' ? equals : word(equals, dialect) };
}

/** A misspelt field must not be ignored: the rule would silently do less. */
function onlyFields(at: Node, allowed: ReadonlySet<string>, what: string): void {
  for (const field in at) if (!allowed.has(field)) throw new Error(`${what}: unknown field ${field}`);
}

function node(value: unknown, what: string): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} must be a mapping`);
  return value as Node;
}

function items(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} needs a list`);
  return value;
}

function word(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${what} needs a text, found ${String(value)}`);
  return value;
}

function words(value: unknown, what: string): string[] {
  return value === undefined ? [] : items(value, what).map((entry) => word(entry, what));
}

function dictionary(value: unknown, what: string): Record<string, string> {
  return Object.fromEntries(Object.entries(node(value, what)).map(([key, entry]) => [key, word(entry, what)]));
}
