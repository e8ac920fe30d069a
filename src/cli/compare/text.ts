/** A comparison as text: what changed by how much, and what of it is chance. */
import type { Comparison, Figured } from '../../analysis/index.ts';
import { count, duration, money, percent } from '../report/numbers.ts';
import { bold, clean, table, wrap, type Style } from '../report/style.ts';

const MAX_ROWS = 8;
/** A category that changed by less is not worth a line. */
const MIN_LANE_MS = 50;

/** Ends with a line feed. */
export function comparisonText(comparison: Comparison, style: Style): string {
  const { before, after } = comparison;
  const parts: [title: string, lines: string[]][] = [
    ['What changed', figureLines(comparison)],
    ['Where lane time went', laneLines(comparison)],
    ['Tasks by type', typeLines(comparison)],
    ['Tasks', taskLines(comparison, style)],
    ['Findings', findingLines(comparison, style)],
    ['Mind', comparison.notes.flatMap((note) => wrap(note, style.width))],
  ];
  const head = `${bold(`swarmscope  ${clean(before.name)} ${clean(before.id)}  ->  ${clean(after.name)} ${clean(after.id)}`, style)}  ${duration(before.wallMs)} -> ${duration(after.wallMs)}`;
  return [head, ...parts.flatMap(([title, lines]) => (lines.length === 0 ? [] : ['', bold(title, style), ...lines])), ''].join('\n');
}

function shown(value: number | undefined, unit: Figured['unit']): string {
  if (value === undefined) return '-';
  return unit === 'ms' ? duration(value) : unit === 'USD' ? money(value, undefined) : count(value);
}

const signed = (share: number): string => `${share >= 0 ? '+' : '-'}${percent(Math.abs(share))}`;

function changeOf({ change, before, after }: Pick<Figured, 'change'> & { before?: unknown; after?: unknown }): string {
  if (change !== undefined) return change < 10 ? signed(change) : `${count(change + 1)} times`;
  return before === 0 && typeof after === 'number' && after > 0 ? 'new' : '';
}

const WORDS: Readonly<Record<Figured['verdict'], string>> = { more: '', less: '', same: 'same', noise: 'noise', unknown: 'unknown' };

function spoken({ verdict, interval }: Pick<Figured, 'verdict' | 'interval'>): string {
  const range = interval === undefined ? '' : `${signed(interval.low)} to ${signed(interval.high)}`;
  return [WORDS[verdict], range].filter((each) => each !== '').join(', ');
}

function figureLines({ figures }: Comparison): string[] {
  const known = figures.filter(({ before, after }) => (before ?? 0) !== 0 || (after ?? 0) !== 0);
  if (known.length === 0) return [];
  return table([
    ['', 'before', 'after', 'change', '95 %'],
    ...known.map((each) => [each.about, shown(each.before, each.unit), shown(each.after, each.unit), changeOf(each), spoken(each)]),
  ]);
}

function laneLines({ laneTime }: Comparison): string[] {
  const rows = laneTime.filter(({ before = 0, after = 0 }) => Math.abs(after - before) >= MIN_LANE_MS).slice(0, MAX_ROWS);
  return rows.length === 0
    ? []
    : table([
        ['', 'before', 'after', 'change'],
        ...rows.map((each) => [each.name, shown(each.before, 'ms'), shown(each.after, 'ms'), changeOf(each)]),
      ]);
}

function typeLines({ taskTypes }: Comparison): string[] {
  if (taskTypes.length === 0) return [];
  const rows = taskTypes
    .slice(0, MAX_ROWS)
    .map(({ name, before, after, ...rest }) => [
      clean(name, 30),
      `${count(before.count)} x ${shown(before.meanMs, 'ms')}`,
      `${count(after.count)} x ${shown(after.meanMs, 'ms')}`,
      changeOf(rest),
      spoken(rest),
    ]);
  return table([['mean of', 'before', 'after', 'change', '95 %'], ...rows]);
}

function taskLines({ tasks }: Comparison, { width }: Style): string[] {
  const alone = (
    [
      ['only before', tasks.onlyBefore],
      ['only after', tasks.onlyAfter],
    ] as const
  ).flatMap(([what, keys]) => (keys.length === 0 ? [] : wrap(`${what}: ${keys.map((key) => clean(key)).join(', ')}`, width)));
  if (tasks.paired === 0) return alone;
  const moved = tasks.changes.filter(({ beforeMs, afterMs }) => Math.abs(afterMs - beforeMs) >= MIN_LANE_MS).slice(0, MAX_ROWS);
  return [
    `  ${count(tasks.paired)} are in both runs${moved.length === 0 ? '' : '; those that changed most:'}`,
    ...table(
      moved.map(({ key, beforeMs, afterMs }) => [
        clean(key),
        duration(beforeMs),
        duration(afterMs),
        beforeMs > 0 ? signed(afterMs / beforeMs - 1) : '',
      ]),
    ),
    ...alone,
  ];
}

function findingLines({ findings }: Comparison, { width }: Style): string[] {
  if (findings === undefined) return [];
  const worth = (seconds: number | undefined): string => (seconds === undefined ? '' : ` (${duration(seconds * 1_000)})`);
  const lines = [
    ...findings.new.map((each) => `new: ${each.kind}${worth(each.seconds)}: ${each.action}`),
    ...findings.gone.map((each) => `gone: ${each.kind}${worth(each.seconds)}`),
    ...findings.kept.map(({ kind, before, after }) => `still there: ${kind}${worth(before.seconds)} ->${worth(after.seconds)}`),
  ];
  return lines.length === 0 ? ['  none before, none after'] : lines.flatMap((line) => wrap(clean(line, 400), width));
}
