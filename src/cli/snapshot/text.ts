/** Snapshots for people, and as data for programs. */
import { clean } from '../printable.ts';
import { duration } from '../report/numbers.ts';
import type { Change, SnapshotDiff } from './compare.ts';
import type { RunningTask, StoredSnapshot } from '../../viewer/index.ts';

/** Lines of one part; `--json` has them all. */
const MAX_LINES = 20;
const MAX_VALUE = 100;
const MAX_STATE_LINES = 200;

export function listText(snapshots: readonly StoredSnapshot[]): string {
  return snapshots
    .map(
      ({ number, timeMs, name, trigger, running, queuedCount }) =>
        `${String(number).padStart(3)}  ${timeText(timeMs)}  ${clean(name, 60)}  ${trigger === 'phase_end' ? 'end of a phase  ' : ''}${running.count} running, ${queuedCount} planned\n`,
    )
    .join('');
}

export function snapshotText(snapshot: StoredSnapshot): string {
  const { name, timeMs, trigger, service, agent, task, running, open, spent, planned, state, omitted } = snapshot;
  const where = [agent === undefined ? '' : `agent ${clean(agent)}`, task === undefined ? '' : `task ${clean(task)}`].filter(Boolean);
  const lines = [
    `${clean(name, 80)}  ${timeText(timeMs)}  ${trigger === 'phase_end' ? 'end of a phase' : 'taken by the program'}, in ${clean(service)}`,
    ...(where.length === 0 ? [] : [`  in ${where.join(', ')}`]),
    `running  ${running.count}`,
    ...few(running.tasks.map((each) => `  ${taskText(each)}`)),
    ...part('open', open),
    ...part('spent', spent),
    ...part('planned', planned),
    ...stateLines(state),
    ...(omitted === 0 ? [] : [`left out ${omitted} tasks or values: too many, too long, or no plain data`]),
  ];
  return `${lines.join('\n')}\n`;
}

export function diffText(from: StoredSnapshot, to: StoredSnapshot, diff: SnapshotDiff): string {
  const { durationMs, running, unlisted } = diff;
  const span = durationMs < 0 ? `${duration(-durationMs)} before` : `${duration(durationMs)} later`;
  const lines = [
    `${clean(from.name, 60)}  ${timeText(from.timeMs)}`,
    `${clean(to.name, 60)}  ${timeText(to.timeMs)}  (${span})`,
    `running  ${running.from} -> ${running.to}: ${running.started.length} started, ${running.ended.length} ended, ${running.still.length} still at work`,
    ...few(running.ended.map((task) => `  - ${taskText(task)}`)),
    ...few(running.started.map((task) => `  + ${taskText(task)}`)),
    ...(['open', 'spent', 'planned', 'state'] as const).flatMap((name) =>
      diff[name].length === 0 ? [] : [name, ...few(diff[name].map((change) => `  ${changeText(change)}`))],
    ),
    ...(unlisted === 0 ? [] : [`and ${unlisted} more changes`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** For `--json`. */
export function snapshotJson({ timeMs, queuedCount, planned, ...rest }: StoredSnapshot): object {
  return { ...rest, time: new Date(timeMs).toISOString(), timeMs, planned: { count: queuedCount, ...planned } };
}

const timeText = (timeMs: number): string => new Date(timeMs).toISOString();

function taskText({ id, type, agent, seconds }: RunningTask): string {
  const more = [agent === undefined ? '' : `agent=${clean(agent)}`, seconds === undefined ? '' : duration(seconds * 1_000)];
  return [clean(type ?? '', 30), clean(id, 60), ...more].filter((word) => word !== '').join('  ');
}

function part(name: string, values: Readonly<Record<string, unknown>>): string[] {
  const told = Object.entries(values).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return [name, ...told.map(([member, value]) => `  ${clean(member)}  ${valueText(value)}`)];
}

function stateLines(state: unknown): string[] {
  if (state === undefined) return [];
  const lines = JSON.stringify(state, null, 2).split('\n');
  const more = lines.length > MAX_STATE_LINES ? [`  and ${lines.length - MAX_STATE_LINES} more lines: --json - has them`] : [];
  return ['state', ...lines.slice(0, MAX_STATE_LINES).map((line) => `  ${clean(line, 200).trimEnd()}`), ...more];
}

function changeText({ path, from, to }: Change): string {
  const name = clean(path, 80);
  if (from === undefined) return `${name}  + ${valueText(to)}`;
  if (to === undefined) return `${name}  - ${valueText(from)}`;
  return `${name}  ${valueText(from)} -> ${valueText(to)}`;
}

function valueText(value: unknown): string {
  return clean(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), MAX_VALUE);
}

function few(lines: readonly string[]): string[] {
  return lines.length <= MAX_LINES
    ? [...lines]
    : [...lines.slice(0, MAX_LINES), `  and ${lines.length - MAX_LINES} more: --json - has them`];
}
