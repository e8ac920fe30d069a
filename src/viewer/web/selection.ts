/** What is selected: a task or a lane, in the address; and where the keyboard stands in the lanes. */
import { computed, signal } from '@preact/signals';
import { duration } from '../../analysis/numbers.ts';
import { CATEGORY_NAMES } from '../../analysis/looks.ts';
import { segmentAt, taskAt, type Task } from './model.ts';
import { announcement, changeView, model, nowOfRun, facts, view } from './state.ts';
import { zoomed } from './timeline/axis.ts';

/** Where the keyboard stands, in lanes and in milliseconds of the run. */
export const cursor = signal<{ lane: number; ms: number } | undefined>(undefined);
export const cursorLane = computed(() => cursor.value?.lane);

export const selectedTaskRow = computed<number | undefined>(() => {
  void facts.value;
  const selected = view.value.selected;
  if (selected?.startsWith('task:') !== true) return undefined;
  const row = model.value?.tasks.id.indexOf(selected.slice(5)) ?? -1;
  return row < 0 ? undefined : row;
});

export const selectedTask = computed<Task | undefined>(() => {
  const row = selectedTaskRow.value;
  return row === undefined || model.value === undefined ? undefined : taskAt(model.value, row);
});

export const selectedLane = computed<number | undefined>(() => {
  const named = /^lane:(\d+)$/.exec(view.value.selected ?? '');
  return named === null ? selectedTask.value?.lane : Number(named[1]) - 1;
});

export function selectTask(row: number): void {
  const id = model.peek()?.tasks.id[row];
  if (id !== undefined) changeView({ selected: `task:${id}`, span: undefined }, 'push');
}

export function selectAt(lane: number, ms: number): void {
  const run = model.peek();
  cursor.value = { lane, ms };
  const own = run?.rows[lane];
  const at = own === undefined ? -1 : segmentNear(lane, ms);
  const task = at < 0 ? -1 : (own?.task[at] ?? -1);
  if (task >= 0) selectTask(task);
  else changeView({ selected: `lane:${lane + 1}`, span: undefined }, 'push');
  tell();
}

/** The segment at `ms`; of a lane whose last one goes on, the last one. */
function segmentNear(lane: number, ms: number): number {
  const run = model.peek();
  const own = run?.rows[lane];
  if (own === undefined) return -1;
  const at = segmentAt(own, ms);
  if (at >= 0) return at;
  const last = own.start.length - 1;
  return run?.open.has(lane) === true && ms >= (own.end[last] ?? Infinity) && ms <= nowOfRun() ? last : -1;
}

/** Selects what is under the keyboard, or zooms to what is selected. */
export function openTask(): void {
  const task = selectedTask.peek();
  const run = model.peek();
  if (task === undefined || run === undefined) {
    const at = cursor.peek();
    if (at !== undefined) selectAt(at.lane, at.ms);
    return;
  }
  const to = task.end ?? nowOfRun();
  const margin = Math.max(5, (to - task.start) * 0.06);
  const whole = { from: 0, to: Math.max(to, nowOfRun()) };
  changeView({ range: zoomed({ from: task.start - margin, to: to + margin }, task.start, 1, whole) }, 'push');
}

/** The next or previous activity of the lane under the keyboard. */
export function stepTime(direction: 1 | -1): void {
  const run = model.peek();
  const at = cursor.peek() ?? { lane: selectedLane.peek() ?? 0, ms: 0 };
  const own = run?.rows[at.lane];
  if (own === undefined || own.start.length === 0) return;
  const here = segmentNear(at.lane, at.ms);
  const next = Math.min(own.start.length - 1, Math.max(0, here < 0 ? (direction > 0 ? 0 : own.start.length - 1) : here + direction));
  cursor.value = { lane: at.lane, ms: ((own.start[next] ?? 0) + (own.end[next] ?? 0)) / 2 };
  tell();
}

export function stepLane(direction: 1 | -1, lanes: readonly number[]): number | undefined {
  const at = cursor.peek() ?? { lane: selectedLane.peek() ?? -1, ms: nowOfRun() / 2 };
  const index = lanes.indexOf(at.lane);
  const lane = lanes[Math.min(lanes.length - 1, Math.max(0, index + direction))];
  if (lane === undefined) return undefined;
  cursor.value = { lane, ms: at.ms };
  tell();
  return lane;
}

/** Says in words where the keyboard stands. */
function tell(): void {
  const run = model.peek();
  const at = cursor.peek();
  if (run === undefined || at === undefined) return;
  announcement.value = sentenceAt(at.lane, at.ms);
}

/** `Lane 3, document 17: LLM, 1.7 s.` */
export function sentenceAt(lane: number, ms: number): string {
  const run = model.peek();
  const own = run?.rows[lane];
  const at = segmentNear(lane, ms);
  if (run === undefined || own === undefined || at < 0) return `Lane ${lane + 1}: nothing`;
  const label = run.tasks.label[own.task[at] ?? -1];
  const isOpen = at === own.start.length - 1 && run.open.has(lane);
  const length = (isOpen ? nowOfRun() : (own.end[at] ?? 0)) - (own.start[at] ?? 0);
  const category = CATEGORY_NAMES[run.categories[own.category[at] ?? 0] ?? 'other'].label;
  return `Lane ${lane + 1}${label === undefined ? '' : `, ${label}`}: ${category}, ${duration(length)}`;
}
