/** Reads policies as a file, a program or another process gives them; one wrong field refuses the whole. Pure. */
import { CONTENT_WORDS, type Policies, type PolicyProblem, type PolicyState } from './types.ts';

export type PoliciesRead =
  { readonly policies: Policies; readonly problem?: never } | { readonly problem: PolicyProblem; readonly policies?: never };

export interface ReadOptions {
  /** Names of observers; undefined: any name. */
  readonly observers?: readonly string[] | undefined;
  /** A file in the working tree may not ask for content. */
  readonly mayCapture: boolean;
}

const MAX_SHOWN = 60;
const MAX_NAMES = 100;
const MAX_THRESHOLDS = 10;
const MAX_PERCENT = 1_000;
const [MIN_GPU_INTERVAL_MS, MAX_GPU_INTERVAL_MS] = [200, 3_600_000];

type Plain = Readonly<Record<string, unknown>>;
type Field = { readonly expected: string; readonly isGood: (value: unknown, options: ReadOptions) => boolean };

/** Every policy, one line each. */
const FIELDS: { readonly [Name in keyof Required<Policies>]: Field } = {
  sampling: { expected: 'a number from 0 to 1', isGood: (value) => isWithin(value, 0, 1) },
  observersOff: {
    expected: 'a list of names of observers (swarmscope doctor lists them)',
    isGood: (value, { observers }) =>
      Array.isArray(value) &&
      value.length <= MAX_NAMES &&
      value.every((name) => typeof name === 'string' && (observers === undefined ? name.length <= MAX_SHOWN : observers.includes(name))),
  },
  gpuIntervalMs: {
    expected: `a whole number of milliseconds from ${MIN_GPU_INTERVAL_MS} to ${MAX_GPU_INTERVAL_MS}`,
    isGood: (value) => Number.isInteger(value) && isWithin(value, MIN_GPU_INTERVAL_MS, MAX_GPU_INTERVAL_MS),
  },
  budgetThresholds: {
    expected: `1 to ${MAX_THRESHOLDS} whole percentages from 1 to ${MAX_PERCENT}`,
    isGood: (value) =>
      Array.isArray(value) &&
      value.length >= 1 &&
      value.length <= MAX_THRESHOLDS &&
      value.every((each) => Number.isInteger(each) && isWithin(each, 1, MAX_PERCENT)),
  },
  content: {
    expected: `one of ${Object.keys(CONTENT_WORDS).join(', ')}`,
    isGood: (value) => typeof value === 'string' && Object.hasOwn(CONTENT_WORDS, value),
  },
};

/** `null` for a field: as the settings say. */
export function readPolicies(given: unknown, options: ReadOptions): PoliciesRead {
  if (!isPlain(given)) return { problem: problemOf('policies', 'an object', given) };
  const policies: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = `policies.${name.slice(0, MAX_SHOWN)}`;
    if (!Object.hasOwn(FIELDS, name))
      return { problem: problemOf(field, `one of ${Object.keys(FIELDS).join(', ')}`, 'an unknown name', String) };
    if (name === 'content' && !options.mayCapture)
      return { problem: problemOf(field, 'to be set by the API or the environment, never by a file', value) };
    const { isGood, expected } = FIELDS[name as keyof Policies];
    if (value === null) continue;
    if (!isGood(value, options)) return { problem: problemOf(field, expected, value) };
    policies[name] = Array.isArray(value) ? [...(value as unknown[])] : value;
  }
  return { policies };
}

/** What another process of the run wrote; undefined for what is none. */
export function readState(given: unknown): PolicyState | undefined {
  if (!isPlain(given)) return undefined;
  const { version, runTraceId } = given;
  const read = readPolicies(given['policies'], { mayCapture: true });
  if (!('policies' in read) || !Number.isSafeInteger(version) || (version as number) < 0) return undefined;
  return { version: version as number, policies: read.policies, runTraceId: typeof runTraceId === 'string' ? runTraceId : undefined };
}

export function sentenceOf({ field, expected, received }: PolicyProblem): string {
  return `${field}: expected ${expected}, received ${received}`;
}

export function problemOf(field: string, expected: string, received: unknown, show: (value: unknown) => string = shown): PolicyProblem {
  return { field, expected, received: show(received) };
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `[${value.slice(0, MAX_THRESHOLDS).map(shown).join(', ')}]`.slice(0, MAX_SHOWN);
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_SHOWN));
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? String(value) : typeof value;
}

export const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
const isWithin = (value: unknown, low: number, high: number): boolean => typeof value === 'number' && value >= low && value <= high;
