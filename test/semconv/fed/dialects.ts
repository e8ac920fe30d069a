/** Spans of other vocabularies as the receiver reads them: recordings of real programs, and for each rule a span that the rule is for. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_REQUEST_MODEL, normaliseSpan, type ForeignSpan } from '../../../src/semconv/index.ts';
import { DIALECTS } from '../../../src/semconv/generated/dialects.ts';
import type { Dialect, DialectAttributeRule, DialectSpanRule } from '../../../src/semconv/types.ts';
import { readTraces } from '../../../src/viewer/receive/rows/index.ts';
import type { Registry } from '../../../tools/semconv/registry.ts';
import { repository } from '../../harness/paths.ts';
import { attributesIn, type Recorded, type RecordedSpan } from './recorded.ts';

const FIXTURES = join(repository, 'test/fixtures/dialects');

/** OTLP's number of a call's span. */
const CLIENT = 3;
/** Scope of a span that is not ours: what it carries beside our names is its own affair. */
const THEIRS = 'of another program';

export function recordedInDialects(registry: Registry): Recorded {
  const spans = [...recordings(), ...DIALECTS.flatMap((dialect) => spansFor(dialect, registry))];
  return { resources: [], spans, spanEvents: [], events: [], points: [] };
}

function recordings(): RecordedSpan[] {
  const files = readdirSync(FIXTURES).map((name) => readFileSync(join(FIXTURES, name), 'utf8'));
  const requests = files.flatMap((text) => (JSON.parse(text) as { requests: { signal: string; body: unknown }[] }).requests);
  return requests
    .filter(({ signal }) => signal === 'traces')
    .flatMap(({ body }) => readTraces(Buffer.from(JSON.stringify(body)), 'json').spans)
    .map(({ name, kind, attributes }) => ({ name, kind, scope: THEIRS, attributes: attributesIn(attributes) }));
}

/** A span for each rule, which carries every attribute that the dialect translates; once for each value of the longest list of values. */
function spansFor(dialect: Dialect, registry: Registry): RecordedSpan[] {
  const members = new Map(registry.attributes.map(({ key, members: all }) => [key, all.map(({ value }) => value)]));
  const most = Math.max(1, ...dialect.attributes.map(({ to }) => members.get(to)?.length ?? 1));
  return Array.from({ length: most }, (_, at) =>
    Object.fromEntries(dialect.attributes.map((rule) => [rule.from, valueFor(rule, members.get(rule.to) ?? [], at)])),
  ).flatMap((attributes) => [undefined, ...dialect.spans].map((rule) => translated(dialect, attributes, rule?.when)));
}

function translated({ match }: Dialect, carried: ForeignSpan['attributes'], when: DialectSpanRule['when'] = {}): RecordedSpan {
  const standard = { [ATTR_GEN_AI_OPERATION_NAME]: 'chat', [ATTR_GEN_AI_REQUEST_MODEL]: 'm' };
  const spoken = Object.fromEntries(match.attributes.slice(0, 1).map((name) => [name, 'x']));
  const condition = when.attribute === undefined ? {} : { [when.attribute]: when.equals ?? 0 };
  const name = when.name ?? match.namePrefixes[0] ?? 'chat m';
  const isNamed = name !== 'chat m' || when.attribute !== undefined;
  const ours = normaliseSpan({ name, scopeName: '', attributes: { ...(isNamed ? {} : standard), ...carried, ...spoken, ...condition } });
  return { name: ours.name ?? name, kind: ours.kind ?? CLIENT, scope: THEIRS, attributes: attributesIn(ours.attributes) };
}

function valueFor(
  { scale, offset, add, atLeast }: DialectAttributeRule,
  values: readonly (string | number)[],
  at: number,
): string | number {
  if ([scale, offset, add, atLeast].some((part) => part !== undefined)) return 500;
  return values[at % values.length] ?? 'x';
}
