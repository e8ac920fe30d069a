/** The review as a page of Markdown. */
import type { Review } from '../../analysis/index.ts';
import { clean } from '../printable.ts';
import { count, duration, money, percent, plural } from '../report/numbers.ts';

type Figure = Review['figures'][number];

/** Ends with a line feed. */
export function reviewMarkdown(review: Review, narration?: string): string {
  const { phase, before } = review;
  const sections: [title: string, lines: string[]][] = [
    ['What was done', doneLines(review)],
    [before === undefined ? 'What it cost' : `What it cost, against ${text(before.name)}`, figureLines(review)],
    ['What got slower', slowerLines(review)],
    ['Findings', findingLines(review)],
    ['What to change', changeLines(review)],
    ['Mind', review.notes.map((note) => `- ${text(note, 300)}`)],
    ['In words', narration === undefined || narration.trim() === '' ? [] : [narration.trim()]],
  ];
  const when = phase.startMs === undefined || phase.endMs === undefined ? '' : `, ${day(phase.startMs)} to ${day(phase.endMs)}`;
  return [
    `# Review: ${text(phase.name)}`,
    '',
    `${plural(phase.runs, 'run')} (${phase.runNames
      .slice(0, 5)
      .map((name) => text(name))
      .join(', ')})${when}.`,
    ...sections.flatMap(([title, lines]) => (lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines])),
    '',
  ].join('\n');
}

/** A name of a program as text: nothing of it is a table, a link or a tag. */
const text = (value: string, maxLength = 60): string => clean(value, maxLength).replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`);

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

function doneLines({ done }: Review): string[] {
  const { repository } = done;
  const types = done.byType
    .slice(0, 6)
    .map(({ name, count: all, failed }) => `${text(name)} ${count(all)}${failed > 0 ? ` (${count(failed)} failed)` : ''}`);
  return [
    `- ${plural(done.tasks, 'task')}${done.failedTasks > 0 ? `, ${count(done.failedTasks)} failed` : ''}${types.length === 0 ? '' : `: ${types.join(', ')}`}`,
    `- seen in the runs: ${plural(done.commits, 'commit')}, ${plural(done.merges, 'merge')}, ${plural(done.conflicts, 'conflict')}${done.lockFailures > 0 ? `, ${plural(done.lockFailures, 'lock failure')}` : ''}`,
    ...(repository === undefined
      ? []
      : [
          `- in the history of the repository: ${plural(repository.commits, 'commit')}, ${plural(repository.filesChanged, 'file')}, +${count(repository.linesAdded)} -${count(repository.linesRemoved)} lines`,
        ]),
  ];
}

function shown(value: number | undefined, unit: Figure['unit']): string {
  if (value === undefined) return '-';
  if (unit === 'ms') return duration(value);
  return unit === 'USD' ? money(value, undefined) : Number.isInteger(value) || value >= 100 ? count(value) : value.toFixed(2);
}

const signed = (share: number): string => `${share >= 0 ? '+' : '-'}${percent(Math.abs(share))}`;

function figureLines({ figures, perTask, before }: Review): string[] {
  const rows = [...figures, ...perTask.map((each) => ({ ...each, about: `${each.about} per task` }))].filter(
    (each) => (each.after ?? 0) !== 0 || (each.before ?? 0) !== 0,
  );
  if (rows.length === 0) return [];
  if (before === undefined) return ['| | |', '|---|---:|', ...rows.map(({ about, after, unit }) => `| ${about} | ${shown(after, unit)} |`)];
  return [
    '| | before | now | change |',
    '|---|---:|---:|---:|',
    ...rows.map(
      ({ about, before: then, after, unit, change, verdict }) =>
        `| ${about} | ${shown(then, unit)} | ${shown(after, unit)} | ${change === undefined ? '' : signed(change)}${verdict === 'noise' ? ' (noise)' : ''} |`,
    ),
  ];
}

function slowerLines({ slower, before }: Review): string[] {
  if (before === undefined) return [];
  if (slower.length === 0) return ['Nothing, as far as can be told from chance.'];
  return slower.map(
    ({ what, name, beforeMs, afterMs, change, interval }) =>
      `- ${what === 'task type' ? `a task of type ${text(name)}` : `${text(name)}, for each task`}: ${duration(beforeMs)} -> ${duration(afterMs)} (${signed(change)}${interval === undefined ? '' : `; ${signed(interval.low)} to ${signed(interval.high)}`})`,
  );
}

function findingLines({ findings, phase, before }: Review): string[] {
  if (findings.length === 0) return ['None.'];
  return [
    `| finding | in runs | ${before === undefined ? '' : 'before | '}worth |`,
    `|---|---:|${before === undefined ? '' : '---:|'}---:|`,
    ...findings.map(
      ({ kind, runs, runsBefore, seconds, usd }) =>
        `| ${text(kind.replaceAll('_', ' '))} | ${runs} of ${phase.runs} | ${before === undefined ? '' : `${runsBefore} of ${before.runs} | `}${[duration(seconds * 1_000), ...(usd > 0 ? [money(usd, undefined)] : [])].join(', ')} |`,
    ),
  ];
}

function changeLines({ changes }: Review): string[] {
  if (changes.length === 0) return ['Nothing worth changing.'];
  return changes.map(({ action, because, seconds, usd }, at) => {
    const worth = [...(seconds === undefined ? [] : [duration(seconds * 1_000)]), ...((usd ?? 0) > 0 ? [money(usd ?? 0, undefined)] : [])];
    return `${at + 1}. ${text(action, 400)} (${text(because, 200)}${worth.length === 0 ? '' : `; worth ${worth.join(', ')}`})`;
  });
}
