/** Reads what a program or a config file declares; what is wrong is refused with the name of the field. */
import { boundedName } from '../content.ts';
import { randomId } from '../random-id.ts';
import type { AllocationSpec, Amounts, BudgetMessage, BudgetProblem, BudgetSpec, Charge } from './types.ts';

type Plain = Readonly<Record<string, unknown>>;
export type Read<T> = { readonly value: T; readonly problem?: never } | { readonly problem: BudgetProblem; readonly value?: never };

/** More than any run can spend: protects sums from a number that is none. */
const MAX_AMOUNT = 1e15;
const MAX_SHOWN = 60;
const AMOUNTS = ['tokens', 'usd', 'seconds'] as const;
const EXPECTED_AMOUNT = 'a number above 0';
const EXPECTED_NAME = 'a text that is not empty';

export function readBudget(given: unknown): Read<BudgetSpec> {
  if (!isPlain(given)) return refuse('budget', 'an object with a name and a limit', given);
  const label = labelOf('budget', given['name']);
  const names: Record<string, string | undefined> = {};
  for (const field of ['name', 'parent', 'agent', 'task']) {
    if (given[field] === undefined && field !== 'name') continue;
    if (!isName(given[field])) return refuse(`${label}: ${field}`, EXPECTED_NAME, given[field]);
    names[field] = boundedName(given[field]);
  }
  const amounts = readAmounts(label, given);
  if (amounts.problem !== undefined) return amounts;
  return { value: { ...names, name: names['name'] ?? '', ...amounts.value } };
}

export function readAllocation(given: unknown): Read<AllocationSpec> {
  if (!isPlain(given)) return refuse('allocation', 'an object with a budget and an amount', given);
  const label = labelOf('allocation of', given['budget']);
  if (!isName(given['budget'])) return refuse(`${label}: budget`, EXPECTED_NAME, given['budget']);
  const { task } = given;
  if (task !== undefined && !isName(task)) return refuse(`${label}: task`, EXPECTED_NAME, task);
  const amounts = readAmounts(label, given);
  if (amounts.problem !== undefined) return amounts;
  const id = randomId();
  return {
    value: { id, budget: boundedName(given['budget']), ...(task === undefined ? {} : { task: boundedName(task) }), ...amounts.value },
  };
}

function readAmounts(label: string, given: Plain): Read<Amounts> {
  const amounts: Record<string, number> = {};
  for (const field of AMOUNTS) {
    const amount = given[field];
    if (amount === undefined) continue;
    if (!isAmount(amount) || amount === 0) return refuse(`${label}: ${field}`, EXPECTED_AMOUNT, amount);
    amounts[field] = field === 'tokens' ? Math.ceil(amount) : amount;
  }
  return Object.keys(amounts).length === 0
    ? refuse(`${label}: tokens`, 'a limit in tokens, usd or seconds', undefined)
    : { value: amounts };
}

/** A line that a process of the run wrote; undefined for what is none. */
export function readMessage(line: unknown): BudgetMessage | undefined {
  if (!isPlain(line)) return undefined;
  if ('charge' in line) return readCharge(line['charge']);
  if ('release' in line) return isName(line['release']) ? { release: line['release'] } : undefined;
  if ('retire' in line) return isName(line['retire']) ? { retire: line['retire'] } : undefined;
  if ('declare' in line) {
    const { value } = readBudget(line['declare']);
    const { at } = line;
    return value && { declare: value, at: isAmount(at) ? at : undefined };
  }
  if ('amend' in line) {
    const { value } = readBudget(line['amend']);
    return value && { amend: value };
  }
  const { value } = readAllocation(line['allocate']);
  const id = isPlain(line['allocate']) ? line['allocate']['id'] : undefined;
  return value !== undefined && isName(id) ? { allocate: { ...value, id } } : undefined;
}

function readCharge(given: unknown): { readonly charge: Charge } | undefined {
  if (!isPlain(given) || !isPlain(given['spent']) || !Array.isArray(given['budgets'])) return undefined;
  const { tokens, usd } = given['spent'];
  if (!isAmount(tokens) || !isAmount(usd)) return undefined;
  const { traceId, spanId, time } = given;
  const { from, to } = isPlain(time) ? time : {};
  const isTime = isAmount(from) && isAmount(to) && from <= to;
  if (time !== undefined && !isTime) return undefined;
  return {
    charge: {
      budgets: given['budgets'].filter(isName),
      spent: { tokens, usd },
      time: isTime ? { from, to } : undefined,
      traceId: isName(traceId) ? traceId : undefined,
      spanId: isName(spanId) ? spanId : undefined,
    },
  };
}

export function problemOf(field: string, expected: string, received: unknown): BudgetProblem {
  return { field, expected, received: shown(received) };
}

/** One sentence for who called the API. */
export function sentenceOf({ field, expected, received }: BudgetProblem): string {
  return `${field}: expected ${expected}, received ${received}`;
}

function refuse(field: string, expected: string, received: unknown): { readonly problem: BudgetProblem } {
  return { problem: problemOf(field, expected, received) };
}

function labelOf(what: string, name: unknown): string {
  return isName(name) ? `${what} "${boundedName(name).slice(0, MAX_SHOWN)}"` : what;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(boundedName(value).slice(0, MAX_SHOWN));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isAmount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= MAX_AMOUNT;
