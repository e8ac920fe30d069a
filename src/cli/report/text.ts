/** The printed report of a run: the picture first, then where time and money went, then what went wrong. */
import type { RunReport } from '../../analysis/summary.ts';
import type { CategoryTime, NamedDistribution } from '../../analysis/tasks.ts';
import type { WallStep } from '../../analysis/wall-path.ts';
import { bytes, count, duration, percent, plural } from './numbers.ts';
import { MAX_ROWS, more } from './rows.ts';
import { picture } from './picture.ts';
import { slowest } from './slowest.ts';
import { bar, bold, clean, DEFAULT_STYLE, LOOKS, paint, table, wrap, type Style } from './style.ts';
import { usage } from './usage.ts';

interface Section {
  readonly title: string;
  /** No lines: the section is left out. */
  readonly lines: (report: RunReport, style: Style) => string[];
}

const SECTIONS: readonly Section[] = [
  { title: 'Lanes', lines: picture },
  { title: 'Where lane time went', lines: laneTime },
  { title: 'What made the run this long', lines: wallLine },
  { title: 'Slowest tasks', lines: slowest },
  { title: 'How long things take', lines: durations },
  { title: 'Tokens and money', lines: usage },
  { title: 'Parallelism', lines: parallelism },
  { title: 'Batches', lines: batches },
  { title: 'git and processes', lines: commands },
  { title: 'GPU', lines: gpus },
  { title: 'Trouble', lines: trouble },
  { title: 'Lost on the way', lines: losses },
];

/** The report as text within `style.width` columns, ending with a line feed. */
export function renderReport(report: RunReport, style: Style = DEFAULT_STYLE): string {
  const sections = SECTIONS.flatMap(({ title, lines }) => {
    const body = lines(report, style);
    return body.length === 0 ? [] : ['', bold(title, style), ...body];
  });
  return [headline(report, style), ...sections, ''].join('\n');
}

function headline({ run, spanCount }: RunReport, style: Style): string {
  const end = run.signal !== undefined ? `, killed by ${run.signal}` : run.exitCode === undefined ? '' : `, exit code ${run.exitCode}`;
  const state = run.isFinished ? '' : ', not finished';
  return `${bold(`swarmscope  ${clean(run.name)}`, style)}  ${duration(run.wallMs)}${end}${state}, ${spanCount === 0 ? 'no spans: nothing was seen, try swarmscope doctor' : plural(spanCount, 'span')}`;
}

function shares(times: readonly CategoryTime[], totalMs: number, style: Style): string[] {
  const label = Math.max(...times.map(({ category }) => LOOKS[category].label.length));
  const room = Math.max(8, style.width - label - 24);
  return times.map(({ category, ms }) => {
    const share = ms / totalMs;
    return `  ${LOOKS[category].label.padEnd(label)}  ${duration(ms).padStart(8)}  ${percent(share).padStart(5)}  ${paint(bar(share, room, style), LOOKS[category].colour, style)}`.trimEnd();
  });
}

function laneTime(
  { laneTime: { byCategory, totalMs, check, rule, activityRules, idleRules }, lanes, run }: RunReport,
  style: Style,
): string[] {
  if (byCategory.length === 0 || check === undefined) return [];
  const seen = new Set<string>(byCategory.map(({ category }) => category));
  const activities = activityRules.filter(({ category }) => seen.has(category)).map(({ about }) => about);
  const idle = idleRules
    .filter(({ category }) => seen.has(category))
    .map(({ category, about }) => `${category.replace('wait:', '')}: ${about}`);
  return [
    ...shares(byCategory, totalMs, style),
    `  ${plural(lanes.count, 'lane')} x ${duration(run.wallMs)} = ${duration(totalMs)} of lane time (${(check * 100).toFixed(1)}% accounted for)`,
    ...wrap(rule, style.width),
    ...activities.flatMap((about) => wrap(`${capital(about)}.`, style.width)),
    ...(idle.length === 0 ? [] : wrap(`An empty lane is ${idle.join('; ')}.`, style.width)),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function wallLine({ wallPath, run }: RunReport, style: Style): string[] {
  if (run.wallMs <= 0 || wallPath.byCategory.length === 0) return [];
  return [
    ...shares(wallPath.byCategory, run.wallMs, style),
    ...wrap(pathText(wallPath.steps, run.wallMs), style.width),
    ...wrap(wallPath.rule, style.width),
  ];
}

/** Steps below this share of the wall time are left out of the line. */
const MIN_STEP_SHARE = 0.005;

function pathText(steps: readonly WallStep[], wallMs: number): string {
  const shown = steps.filter(({ startMs, endMs }) => endMs - startMs >= wallMs * MIN_STEP_SHARE);
  const texts = shown.slice(0, 2 * MAX_ROWS).map((step) => `${stepName(step)} ${duration(step.endMs - step.startMs)}`);
  return `The path: ${texts.join(' > ')}${shown.length > texts.length ? ' > ...' : ''}`;
}

function stepName({ name, category, count: times }: WallStep): string {
  const label = category === undefined ? 'task' : LOOKS[category].label;
  if (times > 1) return `${label} x ${count(times)}`;
  return name === undefined ? label : clean(name);
}

function durations({ categories, taskTypes, queueWait }: RunReport, style: Style): string[] {
  const rows = [
    ...categories.map((each) => row(each.name === 'process' ? 'child process' : LOOKS[each.name as keyof typeof LOOKS].label, each)),
    ...taskTypes.slice(0, MAX_ROWS).map((each) => row(`task ${clean(each.name, Math.max(8, style.width - 55))}`, each)),
  ];
  if (queueWait !== undefined) {
    rows.push(['queue wait', count(queueWait.count), '', duration(queueWait.mean), duration(queueWait.p50), duration(queueWait.p95)]);
  }
  return rows.length === 0
    ? []
    : [...table([['', 'count', 'failed', 'mean', 'p50', 'p95'], ...rows]), ...more(taskTypes.length, 'task types')];
}

function row(label: string, { failed, durationMs }: NamedDistribution): string[] {
  return [
    label,
    count(durationMs.count),
    failed === 0 ? '-' : count(failed),
    duration(durationMs.mean),
    duration(durationMs.p50),
    duration(durationMs.p95),
  ];
}

function parallelism({ parallelism: { peak, average, limit }, lanes }: RunReport): string[] {
  if (lanes.kind === undefined || average === undefined) return [];
  const against = limit === undefined || limit === 0 ? '' : `, limit ${count(limit)} (${percent(average / limit)} used)`;
  return [`  ${plural(lanes.occupants, lanes.kind)}, at most ${count(peak)} at once, ${average.toFixed(1)} on average${against}`];
}

function batches({ batches: all }: RunReport, style: Style): string[] {
  if (all.length === 0) return [];
  const rows = all
    .slice(0, MAX_ROWS)
    .map((each, position) => [
      `${clean(each.scheduler, 16)} ${each.index ?? position}${each.isInferred ? '*' : ''}`,
      count(each.size),
      duration(each.durationMs),
      each.parallelism === undefined ? '-' : each.parallelism.toFixed(1),
      duration(each.barrierWaitMs),
      each.straggler === undefined
        ? '-'
        : `${clean(each.straggler.name, Math.max(8, style.width - 62))} +${duration(each.straggler.delayMs)}`,
    ]);
  const isInferred = all.some((each) => each.isInferred);
  return [
    ...table([['', 'size', 'took', 'parallel', 'barrier wait', 'straggler'], ...rows]),
    ...more(all.length, 'batches'),
    ...(isInferred ? ['  * inferred from a barrier seen, not declared'] : []),
  ];
}

function commands({ git, children }: RunReport, style: Style): string[] {
  const lines: string[] = [];
  if (git.count > 0) {
    const top = git.operations.slice(0, 6).map((each) => `${clean(each.name)} ${count(each.durationMs.count)}`);
    lines.push(...wrap(`${plural(git.count, 'git command')}: ${top.join(', ')}${git.operations.length > 6 ? ', ...' : ''}`, style.width));
  }
  if (git.housekeeping > 0) {
    lines.push(
      ...wrap(`${plural(git.housekeeping, 'more git command')} that agents ran for themselves: in no other count here`, style.width),
    );
  }
  if (children.count > 0) {
    const ends = [
      ...(children.failed > 0 ? [`${count(children.failed)} failed`] : []),
      ...(children.stopped > 0 ? [`${count(children.stopped)} stopped by whoever started them`] : []),
    ];
    lines.push(`  ${[plural(children.count, 'other child process', 'other child processes'), ...ends].join(', ')}`);
  }
  return lines;
}

function gpus({ gpus: devices }: RunReport): string[] {
  return devices.map((each) => {
    const facts: string[] = [];
    if (each.peakMemoryBytes !== undefined) {
      facts.push(`peak ${bytes(each.peakMemoryBytes)}${each.limitBytes === undefined ? '' : ` of ${bytes(each.limitBytes)}`}`);
    }
    if (each.peakUtilization !== undefined) facts.push(`peak utilisation ${percent(each.peakUtilization)}`);
    return `  ${clean(each.name ?? each.id)}  ${facts.join(', ')}`;
  });
}

function trouble({ trouble: { errors, stopped, rateLimited, openCount, open }, git }: RunReport, style: Style): string[] {
  const lines: string[] = [];
  if (rateLimited.count > 0)
    lines.push(`  429 x ${count(rateLimited.count)}: ${duration(rateLimited.lostMs)} lost in refused attempts and the waits after them`);
  if (git.conflicts > 0) {
    const files = git.conflictFiles === undefined ? '' : ` (${plural(git.conflictFiles, 'file')})`;
    lines.push(`  ${plural(git.conflicts, 'merge conflict')}${files}`);
  }
  if (git.lockFailures > 0) lines.push(`  ${plural(git.lockFailures, 'git command')} failed on a lock`);
  if (errors.length > 0) {
    const top = errors.slice(0, MAX_ROWS).map(({ about, count: times }) => `${clean(about)} x ${count(times)}`);
    lines.push(...wrap(`errors: ${top.join(', ')}${errors.length > MAX_ROWS ? ', ...' : ''}`, style.width));
  }
  if (stopped.length > 0) {
    const each = stopped.map(({ signal, count: times }) => `${clean(signal)} x ${count(times)}`);
    lines.push(...wrap(`stopped on purpose, no errors: ${each.join(', ')}`, style.width));
  }
  if (openCount > 0) {
    lines.push(`  ${plural(openCount, 'span')} never ended, oldest first:`);
    lines.push(...open.map((each) => `    ${clean(each.name)}, open for ${duration(each.ageMs)}`));
  }
  return lines;
}

function losses({ losses: lost }: RunReport): string[] {
  return Object.entries(lost).map(([what, times]) => `  ${clean(what)}: ${count(times)}`);
}
