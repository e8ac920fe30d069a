/**
 * Rules for names that OpenTelemetry states and Weaver's policies check, and our own for privacy and cardinality.
 * https://opentelemetry.io/docs/specs/semconv/general/naming/
 */
import { upperSnake } from './constant-names.ts';
import type { Dialect } from './read-dialects.ts';
import { liveOf, type Attribute, type Event, type Metric, type Registry, type Span } from './registry.ts';

const NAME = /^[a-z][a-z0-9]*([._][a-z0-9]+)*$/;
const TYPES = new Set(['string', 'int', 'double', 'boolean', 'string[]', 'int[]', 'double[]', 'boolean[]', 'any', 'enum']);
const CONTENT = new Set(['never', 'name', 'content']);
const INSTRUMENTS = new Set(['counter', 'updowncounter', 'gauge', 'histogram']);
const KINDS = new Set(['internal', 'server', 'client', 'producer', 'consumer']);
const UNITS = new Set(['s', 'By', '1', 'W', 'J', 'Cel', 'Hz']);
const ANNOTATION = /^\{[A-Za-z_]+\}$/;
/** From least to most stable: a signal may not lean on attributes less stable than itself, unless they are opt-in. */
const STABILITY = ['development', 'release_candidate', 'stable'];

/** One sentence per broken rule; empty when all is well. */
export function lint(registry: Registry): string[] {
  const attributes = new Map(registry.attributes.map((a) => [a.key, a]));
  return [
    ...names(
      'attribute',
      registry.attributes.map((a) => a.key),
    ),
    ...names(
      'metric',
      registry.metrics.map((m) => m.name),
    ),
    ...names(
      'event',
      registry.events.map((e) => e.name),
    ),
    ...duplicates(
      'span',
      registry.spans.map((s) => s.type),
    ),
    ...registry.attributes.flatMap(lintAttribute),
    ...registry.metrics.flatMap((m) => [...lintMetric(m), ...lintLabels(m, attributes)]),
    ...registry.spans.flatMap((s) => lintSpan(s, attributes)),
    ...[...registry.metrics, ...registry.events, ...registry.spans].flatMap((owner) => lintReferences(owner, attributes)),
    ...lintLive(liveOf(registry)),
  ];
}

/** What is live stands on nothing that is planned. */
function lintLive(live: Registry): string[] {
  return [
    ...live.attributes
      .filter((a) => a.type === 'enum' && a.members.length === 0)
      .map((a) => `attribute ${a.key}: all its members are planned`),
    ...live.spans.flatMap((s) =>
      placeholders(s.name)
        .filter((key) => !s.attributes.some((a) => a.ref === key))
        .map((key) => `span ${s.type}: its name uses ${key}, which is planned`),
    ),
  ];
}

function names(what: string, all: readonly string[]): string[] {
  const taken = new Set(all);
  const problems = duplicates(what, all);
  const constants = new Map<string, string>();
  for (const name of taken) {
    if (!NAME.test(name)) problems.push(`${what} ${name}: use lower-case words joined by . and _`);
    if (!name.includes('.')) problems.push(`${what} ${name}: needs a namespace`);
    for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
      const space = name.slice(0, end);
      if (taken.has(space)) problems.push(`${what} ${space}: is a namespace of ${name}, so it cannot be a name`);
    }
    const other = constants.get(upperSnake(name));
    if (other !== undefined) problems.push(`${what} ${name}: gives the same constant as ${other}`);
    constants.set(upperSnake(name), name);
  }
  return problems;
}

function duplicates(what: string, all: readonly string[]): string[] {
  return all.filter((name, index) => all.indexOf(name) !== index).map((name) => `${what} ${name}: is defined twice`);
}

function lintAttribute(a: Attribute): string[] {
  const problems: string[] = [];
  if (!TYPES.has(a.type)) problems.push(`attribute ${a.key}: unknown type ${a.type}`);
  if (a.type === 'enum' && a.members.length === 0) problems.push(`attribute ${a.key}: an enum needs members`);
  if (a.content === undefined || !CONTENT.has(a.content)) {
    problems.push(`attribute ${a.key}: annotations.swarmscope.content must be never, name or content`);
  }
  if (!STABILITY.includes(a.stability)) problems.push(`attribute ${a.key}: unknown stability ${a.stability}`);
  if (a.type === 'any' && a.content !== 'content')
    problems.push(`attribute ${a.key}: a value of type any can hold content, so its class is content`);
  problems.push(
    ...duplicates(
      `member of ${a.key}`,
      a.members.map((m) => upperSnake(m.id)),
    ),
  );
  return problems;
}

function lintMetric(m: Metric): string[] {
  const problems: string[] = [];
  const say = (text: string): number => problems.push(`metric ${m.name}: ${text}`);
  if (!INSTRUMENTS.has(m.instrument)) say(`unknown instrument ${m.instrument}`);
  if (!m.brief.endsWith('.')) say('the brief must end with a period');
  if (!UNITS.has(m.unit) && !ANNOTATION.test(m.unit)) say(`unit ${m.unit} is neither a base unit nor {singular}`);
  if (/[^s]s\}$/.test(m.unit)) say(`unit ${m.unit} must be singular`);
  if (m.valueType !== 'int' && m.valueType !== 'double') say('annotations.code_generation.metric_value_type must be int or double');
  if (/(^|[._])(total|seconds|bytes)([._]|$)/.test(m.name)) say('no unit and no total in a name');
  if (m.instrument === 'histogram' && m.buckets === undefined) say('a histogram needs annotations.swarmscope.buckets');
  if (m.instrument !== 'histogram' && m.buckets !== undefined) say('only a histogram has buckets');
  if (m.buckets?.some((bound, index, all) => !Number.isFinite(bound) || (index > 0 && bound <= all[index - 1]!))) say('buckets must rise');
  if (m.name.endsWith('.utilization') && m.unit !== '1') say('a utilization has the unit 1');
  if (!STABILITY.includes(m.stability)) say(`unknown stability ${m.stability}`);
  return problems;
}

function lintLabels(m: Metric, attributes: ReadonlyMap<string, Attribute>): string[] {
  return m.attributes.flatMap(({ ref }) => {
    const a = attributes.get(ref);
    if (a === undefined) return [];
    const problems: string[] = [];
    if (a.isHighCardinality) problems.push(`metric ${m.name}: ${ref} has a high cardinality and stands on spans only`);
    if (a.content === 'content') problems.push(`metric ${m.name}: ${ref} is content and never a label`);
    if (a.type === 'any' || a.type.endsWith('[]')) problems.push(`metric ${m.name}: ${ref} is no single value`);
    return problems;
  });
}

function lintSpan(s: Span, attributes: ReadonlyMap<string, Attribute>): string[] {
  const problems = KINDS.has(s.kind) ? [] : [`span ${s.type}: unknown kind ${s.kind}`];
  for (const key of placeholders(s.name)) {
    if (!s.attributes.some((a) => a.ref === key)) problems.push(`span ${s.type}: its name uses ${key}, which it does not carry`);
    if (attributes.get(key)?.isHighCardinality) problems.push(`span ${s.type}: its name uses ${key}, whose cardinality is high`);
  }
  return problems;
}

function placeholders(template: string): string[] {
  return [...template.matchAll(/\{([^}]+)\}/g)].map(([, key = '']) => key);
}

function lintReferences(owner: Metric | Event | Span, known: ReadonlyMap<string, Attribute>): string[] {
  const who = 'type' in owner ? `span ${owner.type}` : owner.name;
  const problems = duplicates(
    `${who}:`,
    owner.attributes.map((a) => a.ref),
  );
  for (const { ref, level } of owner.attributes) {
    const a = known.get(ref);
    if (a === undefined) problems.push(`${who}: refers to ${ref}, which is not in the registry`);
    else if (level !== 'opt_in' && STABILITY.indexOf(a.stability) < STABILITY.indexOf(owner.stability)) {
      problems.push(`${who}: is more stable than ${ref}, which it refers to`);
    }
  }
  return problems;
}

/** Every target of a dialect is a name of ours, and what a dialect is mapped to is fed, so it is not planned. */
export function lintDialects(dialects: readonly Dialect[], registry: Registry): string[] {
  const known = new Map(registry.attributes.map((a) => [a.key, a]));
  return dialects.flatMap((dialect) => {
    const targets = [
      ...dialect.attributes.map((rule) => rule.to),
      ...dialect.spans.flatMap((rule) => [...Object.keys(rule.set), ...Object.values(rule.copy ?? {})]),
      ...dialect.spans.flatMap((rule) => placeholders(rule.name ?? '')),
    ];
    return targets.flatMap((to) => {
      const attribute = known.get(to);
      if (attribute === undefined) return [`dialect ${dialect.name}: maps to ${to}, which is not in the registry`];
      return attribute.isPlanned ? [`dialect ${dialect.name}: maps to ${to}, which is planned`] : [];
    });
  });
}
