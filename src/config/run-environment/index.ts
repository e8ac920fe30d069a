/**
 * What `swarmscope run` puts into the environment of its program, so that every descendant has it: told at the root, it
 * reaches programs that no preload starts. Only where the user has set nothing; each row can be switched off by its name.
 */
import { isAtEndpoint } from './own-endpoint.ts';
import { ROWS, type LeftBecause, type RunFacts } from './rows.ts';

export { setUpInFiles } from './agent-files.ts';
export { hasCollector } from './collector.ts';
export type { LeftBecause } from './rows.ts';

export interface RunEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Variables that were left as they are, and why. */
  readonly left: readonly { readonly name: string; readonly because: LeftBecause }[];
}

export const RUN_VARIABLES: readonly string[] = ROWS.map(({ name }) => name);

/** By their own names, whatever runs them: those that are made of the user's own values are not among them. */
export const SENDER_VARIABLES: readonly string[] = ROWS.flatMap(({ name, extends: isMadeOfTheirs }) =>
  isMadeOfTheirs === true ? [] : [name],
);

/** `off`: names of rows that are switched off. Pure. */
export function runEnvironment({ off, ...given }: RunFacts & { readonly off: readonly string[] }): RunEnvironment {
  const facts = { ...given, theirs: withoutOtherRun(given) };
  const variables: Record<string, string> = {};
  const left: { name: string; because: LeftBecause }[] = [];
  for (const { name, value: valueOf, leftBecause, extends: mayReplace } of ROWS) {
    const value = off.includes(name) ? undefined : valueOf(facts);
    const theirs = facts.theirs[name] ?? '';
    if (value === undefined || value === theirs) continue;
    const because = theirs !== '' && mayReplace !== true ? 'chosen' : leftBecause?.(facts);
    if (because === undefined) variables[name] = value;
    else left.push({ name, because });
  }
  return { variables, left };
}

/** A run within a run: what the outer one has told is no choice of the user's. */
function withoutOtherRun(facts: RunFacts): Readonly<Record<string, string>> {
  const outer = facts.theirs['SWARMSCOPE_ENDPOINT'] ?? '';
  if (outer === '') return facts.theirs;
  const told = ROWS.map(({ name, value }) => [name, value({ ...facts, theirs: {}, endpoint: outer })] as const);
  const isTold = (name: string, value: string): boolean =>
    isAtEndpoint(value, outer) || told.some((row) => row[0] === name && row[1] === value);
  return Object.fromEntries(Object.entries(facts.theirs).filter(([name, value]) => !isTold(name, value)));
}
