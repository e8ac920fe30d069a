/** What can be copied: a link, a digest as Markdown, the selection as JSON, the command of the report, the id of the trace. */
import { signal } from '@preact/signals';
import { duration, money, percent } from '../../analysis/numbers.ts';
import { CATEGORY_NAMES } from '../../analysis/looks.ts';
import { taskDetails } from './details.ts';
import { taskAt, timeOf } from './model.ts';
import { report } from './report.ts';
import { selectedTask } from './selection.ts';
import { announcement, lengthOf, model } from './state.ts';

export const isCopyOpen = signal(false);
/** What could not be put into the clipboard, to be copied by hand. */
export const toCopyByHand = signal<string | undefined>(undefined);

export interface CopyForm {
  readonly name: string;
  readonly text: () => string | undefined;
}

export const COPY_FORMS: readonly CopyForm[] = [
  { name: 'Link', text: () => location.href },
  { name: 'Markdown digest', text: digest },
  { name: 'JSON of the selection', text: json },
  { name: 'Report command', text: () => (model.peek() === undefined ? undefined : `swarmscope report ${model.peek()?.run.id ?? ''}`) },
  { name: 'Trace id', text: () => selectedTask.peek()?.trace },
];

export function openCopy(): void {
  isCopyOpen.value = true;
}

export async function copy({ name, text }: CopyForm): Promise<void> {
  const own = text();
  isCopyOpen.value = false;
  if (own === undefined) {
    announcement.value = `${name}: select a task first`;
    return;
  }
  try {
    await navigator.clipboard.writeText(own);
    announcement.value = `${name} copied`;
  } catch {
    // NotAllowedError, or a page from disk without a clipboard.
    toCopyByHand.value = own;
  }
}

function digest(): string | undefined {
  const run = model.peek();
  if (run === undefined) return undefined;
  const answer = report.peek()?.report;
  const task = selectedTask.peek();
  const lines = [
    `**${escaped(run.run.name)}** (\`${run.run.id}\`): ${run.verdict.word === 'yes' ? 'OK' : run.verdict.word === 'look' ? 'look at it' : 'not OK'}. ${escaped(run.verdict.reason)}`,
    '',
    `- ${duration(lengthOf(run))}, ${run.totals.tasks.done} tasks done, ${run.totals.tasks.failed} failed${run.totals.cost === undefined ? '' : `, ${money(run.totals.cost.amount, 'USD')}`}`,
    ...(run.totals.byCategory ?? [])
      .slice(0, 5)
      .map(({ category, ms }) => `- ${CATEGORY_NAMES[category].label}: ${duration(ms)} of lane time`),
    ...(answer === undefined
      ? []
      : ['', 'Slowest:', ...answer.slowest.map((each) => `1. ${escaped(each.name)}: ${duration(each.durationMs)}`)]),
  ];
  if (task !== undefined) {
    const end = task.end ?? lengthOf(run);
    lines.push('', `Selected: ${escaped(task.label)} (${task.state}), ${duration(end - task.start)}`);
    for (const { category, ms } of timeOf(run, task)) {
      lines.push(
        `- ${CATEGORY_NAMES[run.categories[category] ?? 'other'].label}: ${duration(ms)} (${percent(ms / Math.max(1, end - task.start))})`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Names come from other programs: in Markdown they must not become markup or a mention. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|@~]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

function json(): string | undefined {
  const run = model.peek();
  const task = selectedTask.peek();
  if (run === undefined) return undefined;
  if (task === undefined) return JSON.stringify({ run: run.run, verdict: run.verdict, totals: run.totals, needs: run.needs }, undefined, 2);
  const detail = taskDetails.peek()?.find(({ row }) => row === task.row);
  return JSON.stringify({ run: run.run.id, task: taskAt(run, task.row), ...(detail === undefined ? {} : { detail }) }, undefined, 2);
}
