/** Writes the TypeScript constants: plain `export const`, so that bundlers keep only what is used. */
import { pascal, upperSnake } from './constant-names.ts';
import { prometheusName } from './prometheus.ts';
import { liveOf, type Attribute, type Registry } from './registry.ts';

export const HEADER = '// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.';

/** File name in `src/semconv/generated` to its text, not yet formatted. */
export function renderConstants(registry: Registry): Record<string, string> {
  const live = liveOf(registry);
  return {
    'attributes.ts': renderAttributes(live),
    'values.ts': renderValues(live),
    'metrics.ts': renderMetrics(live),
    'events.ts': renderEvents(live),
    'spans.ts': renderSpans(live),
    'content-mask.ts': renderMask(registry),
  };
}

function renderAttributes(registry: Registry): string {
  const lines = sorted(registry.attributes, (a) => a.key).map(
    (a) => `${comment(`${a.brief} (${typeOf(a)}, ${a.stability})`)}export const ATTR_${upperSnake(a.key)} = ${quote(a.key)} as const;`,
  );
  return file(lines);
}

function renderValues(registry: Registry): string {
  const enums = sorted(registry.attributes, (a) => a.key).filter((a) => a.members.length > 0);
  const lines = enums.flatMap((a) => [
    ...a.members.map(
      (m) => `${comment(m.brief)}export const ${upperSnake(a.key)}_VALUE_${upperSnake(m.id)} = ${literal(m.value)} as const;`,
    ),
    `/** Well-known values of \`${a.key}\`. */\nexport type ${pascal(a.key)} = ${a.members.map((m) => literal(m.value)).join(' | ')};`,
  ]);
  return file(lines);
}

function renderMetrics(registry: Registry): string {
  const lines = sorted(registry.metrics, (m) => m.name).map((m) => {
    const spec = [
      `name: ${quote(m.name)}`,
      `instrument: ${quote(m.instrument)}`,
      `unit: ${quote(m.unit)}`,
      `description: ${quote(m.brief)}`,
      `valueType: ${quote(m.valueType ?? 'double')}`,
      ...(m.buckets === undefined ? [] : [`buckets: [${m.buckets.join(', ')}]`]),
      `attributes: [${m.attributes.map((a) => quote(a.ref)).join(', ')}]`,
      `prometheus: ${quote(prometheusName(m))}`,
    ];
    return `export const METRIC_${upperSnake(m.name)} = {\n${spec.join(',\n')},\n} as const satisfies MetricSpec;`;
  });
  return file(["import type { MetricSpec } from '../types.ts';", '', ...lines]);
}

function renderEvents(registry: Registry): string {
  return file(
    sorted(registry.events, (e) => e.name).map(
      (e) => `${comment(e.brief)}export const EVENT_${upperSnake(e.name)} = ${quote(e.name)} as const;`,
    ),
  );
}

function renderSpans(registry: Registry): string {
  const lines = sorted(registry.spans, (s) => s.type).map((s) => {
    const levels = s.attributes.map((a) => `${quote(a.ref)}: ${quote(a.level)}`).join(',\n');
    const fields = `type: ${quote(s.type)},\nkind: ${quote(s.kind)},\nname: ${quote(s.name)},\nattributes: {\n${levels},\n},`;
    return `${comment(s.brief)}export const SPAN_${upperSnake(s.type)} = {\n${fields}\n} as const satisfies SpanSpec;`;
  });
  return file(["import type { SpanSpec } from '../types.ts';", '', ...lines]);
}

/** Planned names too: apps and their libraries may send them today, and what a name may hold does not depend on who records it. */
function renderMask(registry: Registry): string {
  const lines = sorted(registry.attributes, (a) => a.key).map((a) => `${quote(a.key)}: ${quote(a.content ?? 'content')},`);
  return file([
    "import type { ContentClass } from '../types.ts';",
    '',
    '/** How each attribute may leave. A name that is not here is to be treated as content. */',
    'export const CONTENT_CLASS: Readonly<Record<string, ContentClass>> = {',
    ...lines,
    '};',
  ]);
}

/** `string`, `int`, or for an enum the type of its values. */
export function typeOf(attribute: Attribute): string {
  return attribute.type === 'enum' ? typeof (attribute.members[0]?.value ?? '') : attribute.type;
}

export function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

export function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', ' ')}'`;
}

function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : quote(value);
}

function comment(text: string): string {
  return text === '' ? '' : `/** ${text.replaceAll('*/', '* /')} */\n`;
}

function file(lines: string[]): string {
  return `${HEADER}\n${lines.join('\n')}\n`;
}
