/** Writes the reference tables of docs/reference. */
import { sorted, typeOf } from './constants.ts';
import { prometheusName } from './prometheus.ts';
import type { Reference, Registry } from './registry.ts';

const HEADER = '<!-- Generated from src/semconv by tools/generate-semconv.ts. Do not edit. -->';
const LEVELS = { required: 'required', conditionally_required: 'if it applies', recommended: 'recommended', opt_in: 'on request' } as const;

/** File name in `docs/reference` to its text, not yet formatted. */
export function renderDocs(registry: Registry): Record<string, string> {
  return { 'attributes.md': renderAttributes(registry), 'metrics.md': renderMetrics(registry), 'spans.md': renderSpans(registry) };
}

function renderAttributes(registry: Registry): string {
  const rows = sorted(registry.attributes, (a) => a.key).map((a) => {
    const values = a.members.length === 0 ? '' : ` Values: ${a.members.map((m) => code(String(m.value))).join(', ')}.`;
    return [code(a.key), typeOf(a), a.brief + values, a.content ?? '', a.isHighCardinality ? 'no' : 'yes', a.stability.replace('_', ' ')];
  });
  const intro =
    'Content says how a value may leave: `never` is no content, `name` is a name that somebody chose, `content` leaves only when content ' +
    'capture is on. What may not be a label stands on spans and log records alone.';
  return page('Attributes', intro, [['Attribute', 'Type', 'Meaning', 'Content', 'Label', 'Stability'], ...rows]);
}

function renderMetrics(registry: Registry): string {
  const rows = sorted(registry.metrics, (m) => m.name).map((m) => [
    code(m.name),
    `${m.instrument}, ${m.valueType ?? ''}`,
    code(m.unit),
    m.brief,
    attributeList(m.attributes),
    code(prometheusName(m)) + (m.instrument === 'histogram' ? ' with `_bucket`, `_sum`, `_count`' : ''),
  ]);
  const intro = 'The last column is the name in Prometheus after OTLP translation with its default strategy.';
  return page('Metrics', intro, [['Metric', 'Instrument', 'Unit', 'Meaning', 'Labels', 'Prometheus'], ...rows]);
}

function renderSpans(registry: Registry): string {
  const spans = sorted(registry.spans, (s) => s.type).map((s) => [code(s.name), s.kind.toUpperCase(), s.brief, attributeList(s.attributes), code(s.type)]);
  const events = sorted(registry.events, (e) => e.name).map((e) => [code(e.name), e.brief, attributeList(e.attributes)]);
  const intro = 'Attributes without a remark are required; the others say when they are there.';
  const first = page('Spans and events', intro, [['Span', 'Kind', 'Meaning', 'Attributes', 'Type'], ...spans]);
  return `${first}\n## Events\n\nEvents are log records with an event name.\n\n${table([['Event', 'Meaning', 'Attributes'], ...events])}\n`;
}

function attributeList(references: readonly Reference[]): string {
  return references.map((r) => (r.level === 'required' ? code(r.ref) : `${code(r.ref)} (${LEVELS[r.level]})`)).join(', ');
}

function page(title: string, intro: string, rows: readonly string[][]): string {
  return `${HEADER}\n\n# ${title}\n\n${intro}\n\n${table(rows)}\n`;
}

function table(rows: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
