/** The slowest tasks: what sets each apart, what it did, and what went wrong in it. */
import type { RunReport, SlowTask } from '../../../analysis/index.ts';
import { duration, percent, plural } from '../numbers.ts';
import { refusals } from '../refusals.ts';
import type { Section } from '../section.ts';
import { clean, LOOKS, wrap, type Style } from '../style.ts';

export const slowest: Section = { title, lines };

/** Where no program declares tasks, what the lanes hold stands in their place. */
function title({ parallelism: { occupants } }: RunReport): string {
  const [first, ...others] = occupants.filter(({ kind }) => kind !== 'wait');
  return `Slowest ${first === undefined || others.length > 0 ? 'pieces of work' : NAMES[first.kind]}`;
}

const NAMES: Readonly<Record<RunReport['parallelism']['occupants'][number]['kind'], string>> = {
  task: 'tasks',
  agent: 'agents',
  call: 'calls',
  process: 'processes',
  wait: 'waits',
};

function lines({ slowest: tasks }: RunReport, style: Style): string[] {
  return tasks.flatMap((task) => {
    const state = task.isOpen ? ' (never ended)' : task.isError ? ' (failed)' : '';
    const parts = task.breakdown
      .slice(0, 4)
      .map(({ category, ms }) => `${LOOKS[category].label} ${duration(ms)} (${percent(ms / task.durationMs)})`);
    return [
      `  ${duration(task.durationMs).padStart(8)}  ${clean(task.name, style.width - 26)}${state}`,
      ...[comparison(task), parts.join(', '), incidents(task)]
        .filter((text) => text !== '')
        .flatMap((text) => wrap(text, style.width, '            ')),
    ];
  });
}

/** A task that is less than this many times slower than the median of its type is not compared with it. */
const NOTABLE_FACTOR = 1.25;
/** A shorter delay of a batch is not worth a line. */
const NOTABLE_DELAY_MS = 100;

function comparison({ durationMs, typicalMs, type, heldUpMs }: SlowTask): string {
  const facts: string[] = [];
  if (typicalMs !== undefined && durationMs >= typicalMs * NOTABLE_FACTOR)
    facts.push(`${(durationMs / typicalMs).toFixed(1)} times the median ${clean(type)} (${duration(typicalMs)})`);
  if (heldUpMs !== undefined && heldUpMs >= NOTABLE_DELAY_MS) facts.push(`the last of its batch, ${duration(heldUpMs)} after the median`);
  return facts.join('; ');
}

function incidents({ llmCalls, rateLimited, failedCommands, longest }: SlowTask): string {
  const facts: string[] = [];
  if (llmCalls > 0) facts.push(plural(llmCalls, 'LLM call'));
  if (longest !== undefined) facts.push(`longest: ${clean(longest.name)} ${duration(longest.durationMs)}`);
  if (rateLimited.count > 0) facts.push(`${refusals(rateLimited.reasons)}, ${duration(rateLimited.waitedMs)} waited`);
  if (failedCommands > 0) facts.push(plural(failedCommands, 'failed command'));
  return facts.join('; ');
}
