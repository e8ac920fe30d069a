/** A list of budgets that takes the place of the one before: what it changes, or why nothing of it is taken. Pure. */
import { problemOf, readBudget } from './read.ts';
import { BudgetTree } from './tree.ts';
import type { BudgetMessage, BudgetProblem, BudgetSpec } from './types.ts';

export type ListChange =
  | { readonly messages: readonly BudgetMessage[]; readonly names: ReadonlySet<string>; readonly problem?: never }
  | { readonly problem: BudgetProblem };

/** `before`: names that the list before had. Budgets that programs declared stay. */
export function changeOf(list: unknown, { now, before }: { now: readonly BudgetSpec[]; before: ReadonlySet<string> }): ListChange {
  if (!Array.isArray(list)) return { problem: problemOf('budgets', 'a list of budgets', list) };
  const given: BudgetSpec[] = [];
  for (const each of list as unknown[]) {
    const { value, problem } = readBudget(each);
    if (problem !== undefined) return { problem };
    if (given.some(({ name }) => name === value.name))
      return { problem: problemOf(`budget "${value.name}": name`, 'a name that no other budget has', value.name) };
    given.push(value);
  }
  const names = new Set(given.map(({ name }) => name));
  const stay = now.filter(({ name }) => !names.has(name) && !before.has(name));
  const ordered = inOrder([...stay, ...given]);
  if ('problem' in ordered) return ordered;
  const tree = new BudgetTree();
  for (const spec of ordered.specs) {
    const problem = tree.problemOf(spec);
    if (problem !== undefined) return { problem };
    tree.declare(spec, 0);
  }
  const known = new Map(now.map((spec) => [spec.name, spec]));
  const messages = ordered.specs.flatMap((spec): BudgetMessage[] => {
    if (!names.has(spec.name)) return [];
    const old = known.get(spec.name);
    if (old === undefined) return [{ declare: spec }];
    return isSame(old, spec) ? [] : [{ amend: spec }];
  });
  const retired = [...before].filter((name) => !names.has(name) && known.has(name)).map((name): BudgetMessage => ({ retire: name }));
  return { messages: [...messages, ...retired], names };
}

/** Parents before their children. */
function inOrder(all: readonly BudgetSpec[]): { readonly specs: readonly BudgetSpec[] } | { readonly problem: BudgetProblem } {
  const specs: BudgetSpec[] = [];
  const done = new Set<string>();
  let waiting = [...all];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ parent }) => parent === undefined || done.has(parent));
    const [stuck] = waiting;
    if (ready.length === 0 && stuck !== undefined) {
      const isThere = waiting.some(({ name }) => name === stuck.parent);
      const expected = isThere ? 'no cycle of parents' : 'the name of a declared budget';
      return { problem: problemOf(`budget "${stuck.name}": parent`, expected, stuck.parent) };
    }
    for (const spec of ready) done.add(spec.name);
    specs.push(...ready);
    waiting = waiting.filter((spec) => !ready.includes(spec));
  }
  return { specs };
}

const FIELDS = ['parent', 'agent', 'task', 'tokens', 'usd', 'seconds'] as const;
const isSame = (one: BudgetSpec, other: BudgetSpec): boolean => FIELDS.every((field) => one[field] === other[field]);
