/** The filter line: words match labels and types of tasks; `type:`, `state:`, `>30s`, `<5s` and `cost>0.10` narrow further. */
import type { RunModel } from './model.ts';

export interface Filter {
  readonly words: readonly string[];
  readonly types: readonly string[];
  /** Names of categories, or states of tasks. */
  readonly states: readonly string[];
  readonly overMs: number | undefined;
  readonly underMs: number | undefined;
  readonly overCost: number | undefined;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const TASK_STATES: ReadonlySet<string> = new Set(['running', 'done', 'failed', 'cut']);

export function parseFilter(text: string): Filter {
  const words: string[] = [];
  const types: string[] = [];
  const states: string[] = [];
  let overMs: number | undefined;
  let underMs: number | undefined;
  let overCost: number | undefined;
  for (const part of text
    .toLowerCase()
    .split(/\s+/)
    .filter((each) => each !== '')) {
    const named = /^(type|state):(.+)$/.exec(part);
    const length = /^([<>])(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(part);
    const cost = /^cost>(\d+(?:\.\d+)?)$/.exec(part);
    if (named !== null) (named[1] === 'type' ? types : states).push(named[2] ?? '');
    else if (length !== null && length[1] === '>') overMs = Number(length[2]) * (UNITS[length[3] ?? ''] ?? 1);
    else if (length !== null) underMs = Number(length[2]) * (UNITS[length[3] ?? ''] ?? 1);
    else if (cost !== null) overCost = Number(cost[1]);
    else words.push(part);
  }
  return { words, types, states, overMs, underMs, overCost };
}

/** Which tasks and categories are meant: 1 for each that is. Undefined where the filter is empty. */
export interface Meant {
  readonly tasks: Uint8Array;
  readonly categories: Uint8Array;
  /** Whether tasks are narrowed at all: then an empty lane is not meant. */
  readonly isOfTasks: boolean;
  readonly count: number;
}

/** `costs`: USD by row, where the details of the tasks have come. */
export function meantBy(filter: Filter, model: RunModel, nowMs: number, costs?: ReadonlyMap<number, number>): Meant | undefined {
  const { words, types, states, overMs, underMs, overCost } = filter;
  const ofTask = states.filter((state) => TASK_STATES.has(state));
  const ofCategory = states.filter((state) => !TASK_STATES.has(state));
  const isOfTasks = [words, types, ofTask].some((list) => list.length > 0) || [overMs, underMs, overCost].some((one) => one !== undefined);
  if (!isOfTasks && ofCategory.length === 0) return undefined;
  const { tasks } = model;
  const meant = new Uint8Array(tasks.id.length);
  let count = 0;
  for (let row = 0; row < meant.length; row++) {
    const text = `${tasks.label[row] ?? ''} ${tasks.type[row] ?? ''}`.toLowerCase();
    const length = (tasks.end[row] ?? nowMs) - (tasks.start[row] ?? 0);
    const isMeant =
      words.every((word) => text.includes(word)) &&
      (types.length === 0 || types.includes((tasks.type[row] ?? '').toLowerCase())) &&
      (ofTask.length === 0 || ofTask.includes(tasks.state[row] ?? '')) &&
      (overMs === undefined || length > overMs) &&
      (underMs === undefined || length < underMs) &&
      (overCost === undefined || (costs?.get(row) ?? 0) > overCost);
    meant[row] = isMeant ? 1 : 0;
    if (isMeant) count++;
  }
  const categories = Uint8Array.from(model.categories, (name) =>
    ofCategory.length === 0 || ofCategory.some((one) => isNamed(name, one)) ? 1 : 0,
  );
  return { tasks: meant, categories, isOfTasks, count };
}

/** `wait` names all waits, `wait:lock` and `lock` name one. */
function isNamed(category: string, text: string): boolean {
  return category === text || category === `wait:${text}` || category.startsWith(`${text}:`);
}

/** The filter with a category added, taken away, or alone: what a click on the legend does. */
export function withCategory(text: string, category: string, isAdded: boolean): string {
  const parts = text.split(/\s+/).filter((part) => part !== '');
  const own = `state:${category}`;
  const others = parts.filter((part) => !part.startsWith('state:') || TASK_STATES.has(part.slice(6)));
  const kept = parts.filter((part) => part.startsWith('state:') && !TASK_STATES.has(part.slice(6)));
  if (isAdded) return [...others, ...(kept.includes(own) ? kept.filter((part) => part !== own) : [...kept, own])].join(' ');
  return [...others, ...(kept.length === 1 && kept[0] === own ? [] : [own])].join(' ');
}
