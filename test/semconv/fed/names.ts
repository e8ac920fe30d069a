/** Names of the registry and names that were recorded, as lines that can be compared: `attribute error.type`, `label swarmscope.queue.size swarmscope.queue.name`. */
import type { Registry, Span } from '../../../tools/semconv/registry.ts';
import type { Recorded, RecordedSpan } from './recorded.ts';

const KINDS: Readonly<Record<string, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
/** Scope of every span that swarmscope makes itself. */
const OURS = 'swarmscope';
/** May stand on any metric: the series that takes what is over the limit. */
const OVERFLOW = 'otel.metric.overflow';

/** Every line that the registry promises. */
export function namesIn({ attributes, metrics, spans, events }: Registry): Set<string> {
  return new Set([
    ...attributes.map(({ key }) => `attribute ${key}`),
    ...attributes.flatMap(({ key, members }) => members.map(({ value }) => `value ${key} ${value}`)),
    ...metrics.flatMap((m) => [`metric ${m.name}`, ...m.attributes.map(({ ref }) => `label ${m.name} ${ref}`)]),
    ...spans.flatMap((s) => [`span ${s.type}`, ...s.attributes.map(({ ref }) => `on ${s.type} ${ref}`)]),
    ...events.map(({ name }) => `event ${name}`),
  ]);
}

/** Every line that something recorded, other programs' spans included. */
export function namesOf({ resources, spans, spanEvents, events, points }: Recorded, registry: Registry): Set<string> {
  const carriers = [...resources, ...[...spans, ...spanEvents, ...events, ...points].map(({ attributes }) => attributes)];
  const enums = new Set(registry.attributes.filter(({ type }) => type === 'enum').map(({ key }) => key));
  return new Set([
    ...carriers.flatMap((attributes) => [...attributes].flatMap(([key, value]) => [`attribute ${key}`, ...valuesOf(enums, key, value)])),
    ...points.flatMap(({ name, attributes }) => [`metric ${name}`, ...[...attributes.keys()].map((key) => `label ${name} ${key}`)]),
    ...spans.flatMap((span) => linesOf(span, registry)),
    ...events.map(({ name }) => `event ${name}`),
  ]);
}

/** Lines that swarmscope itself recorded and that the registry does not promise. An open list of values promises nothing. */
export function strayNames(recorded: Recorded, registry: Registry): string[] {
  const known = namesIn(registry);
  const open = registry.attributes.filter(({ brief }) => brief.includes('open list')).map(({ key }) => `value ${key} `);
  // The event of a start carries what the span carries, a library's span too: the spans themselves are looked at.
  const events = recorded.events.map(({ name }) => ({ name, attributes: new Map() }));
  const own = { ...recorded, spans: recorded.spans.filter(({ scope }) => scope === OURS), spanEvents: [], events };
  return [...namesOf(own, registry)].filter(
    (line) => !known.has(line) && !open.some((start) => line.startsWith(start)) && !line.endsWith(` ${OVERFLOW}`),
  );
}

function valuesOf(enums: ReadonlySet<string>, key: string, value: unknown): string[] {
  return enums.has(key) ? [value].flat().map((one) => `value ${key} ${String(one)}`) : [];
}

function linesOf(span: RecordedSpan, { spans }: Registry): string[] {
  const type = typeOf(span, spans);
  if (type === undefined) return [`span of no type: ${span.name}`];
  return [`span ${type}`, ...[...span.attributes.keys()].map((key) => `on ${type} ${key}`)];
}

/** The most exact of the types whose name the span has: `embeddings {model}` before `{operation} {model}`. */
function typeOf(span: RecordedSpan, all: readonly Span[]): string | undefined {
  const fitting = all.filter(({ kind, name }) => KINDS[kind] === span.kind && spelled(fill(name, span)) === spelled(span.name));
  return fitting.sort((a, b) => a.name.split('{').length - b.name.split('{').length)[0]?.type;
}

function fill(template: string, { attributes }: RecordedSpan): string {
  const word = (key: string): string => {
    const value = attributes.get(key);
    return typeof value === 'string' ? value : '';
  };
  return template.replaceAll(/\{([^}]+)\}/g, (_, key: string) => word(key)).trim();
}

/** git's `worktree add` is `worktree_add` in an attribute. */
function spelled(name: string): string {
  return name.replaceAll(/[ -]/g, '_');
}
