/** Writes the reference pages of docs/reference. */
import { sorted, typeOf } from './constants.ts';
import { prometheusName } from './prometheus.ts';
import { liveOf, type Attribute, type Level, type Metric, type Reference, type Registry } from './registry.ts';

/** Tables are left as they are: padded to the longest cell they would be three times as large, and one new name would change every line. */
const HEADER = '<!-- Generated from src/semconv by tools/generate-semconv.ts. Do not edit. -->\n<!-- prettier-ignore-start -->';
const FOOTER = '<!-- prettier-ignore-end -->';

const LEVELS: readonly [Level, string][] = [
  ['required', 'Always'],
  ['conditionally_required', 'If it applies'],
  ['recommended', 'If it is known'],
  ['opt_in', 'On request'],
];

/** File name in `docs/reference` to its text. */
export function renderDocs(registry: Registry): Record<string, string> {
  const live = liveOf(registry);
  return { 'attributes.md': renderAttributes(live), 'metrics.md': renderMetrics(live), 'spans.md': renderSpans(live) };
}

function renderAttributes(registry: Registry): string {
  const intro =
    'Content says how a value may leave: `never` is no content, `name` is a name that somebody chose, `content` leaves only when content\n' +
    'capture is on. What is no label stands on spans and log records alone, never on metrics.';
  return page(
    'Attributes',
    intro,
    grouped(registry.attributes, (a) => a.key, attributeTable),
  );
}

function attributeTable(attributes: readonly Attribute[]): string {
  const rows = attributes.map((a) => {
    const values = a.members.length === 0 ? '' : ` Values: ${a.members.map((m) => code(String(m.value))).join(', ')}.`;
    return [code(a.key), typeOf(a), a.brief + values, a.content ?? '', isLabel(a) ? 'yes' : 'no', a.stability.replace('_', ' ')];
  });
  return table([['Attribute', 'Type', 'Meaning', 'Content', 'Label', 'Stability'], ...rows]);
}

function isLabel(a: Attribute): boolean {
  return !a.isHighCardinality && a.content !== 'content' && a.type !== 'any' && !a.type.endsWith('[]');
}

function renderMetrics(registry: Registry): string {
  const intro =
    'The last column is the name in Prometheus after OTLP translation with its default strategy; a histogram has it with `_bucket`, `_sum` and\n' +
    '`_count`. A label in brackets is not always there.';
  return page(
    'Metrics',
    intro,
    grouped(registry.metrics, (m) => m.name, metricTable),
  );
}

function metricTable(metrics: readonly Metric[]): string {
  const rows = metrics.map((m) => [
    code(m.name),
    m.instrument,
    code(m.unit),
    m.brief,
    m.attributes.map((a) => (a.level === 'required' ? code(a.ref) : `[${code(a.ref)}]`)).join(', '),
    code(prometheusName(m)),
  ]);
  return table([['Metric', 'Instrument', 'Unit', 'Meaning', 'Labels', 'Prometheus'], ...rows]);
}

function renderSpans(registry: Registry): string {
  const spans = sorted(registry.spans, (s) => s.type).map(
    (s) => `## ${code(s.name)}\n\n${s.brief} Kind ${s.kind.toUpperCase()}, type ${code(s.type)}.\n\n${attributeList(s.attributes)}`,
  );
  const events = sorted(registry.events, (e) => e.name).map((e) => `## ${code(e.name)}\n\n${e.brief}\n\n${attributeList(e.attributes)}`);
  const intro = 'Spans first, by type; then events, which are log records with an event name.';
  return page('Spans and events', intro, [...spans, ...events]);
}

function attributeList(references: readonly Reference[]): string {
  return LEVELS.flatMap(([level, words]) => {
    const refs = references.filter((r) => r.level === level).map((r) => code(r.ref));
    return refs.length === 0 ? [] : [`- ${words}: ${refs.join(', ')}`];
  }).join('\n');
}

/** One section per namespace; ours are many, so they are told apart by the second word. */
function grouped<T>(all: readonly T[], name: (item: T) => string, render: (items: readonly T[]) => string): string[] {
  const groups = new Map<string, T[]>();
  for (const item of sorted(all, name)) {
    const words = name(item).split('.');
    const space = words[0] === 'swarmscope' ? words.slice(0, 2).join('.') : (words[0] ?? '');
    groups.set(space, [...(groups.get(space) ?? []), item]);
  }
  return [...groups].map(([space, items]) => `## ${code(space)}\n\n${render(items)}`);
}

function page(title: string, intro: string, sections: readonly string[]): string {
  return [HEADER, `# ${title}`, intro, ...sections, FOOTER].join('\n\n') + '\n';
}

function table(rows: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
