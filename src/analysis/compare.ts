/** Compares two runs by their reports: what differs in lane time, on the wall path, by type of task and in money. */
import { CATEGORIES, type Category } from './categories.ts';
import type { RunReport } from './sections/index.ts';

export interface CategoryDifference {
  readonly category: Category;
  /** Lane time. */
  readonly aMs: number;
  readonly bMs: number;
  readonly differenceMs: number;
  /** On the wall path. */
  readonly pathAMs: number;
  readonly pathBMs: number;
}

export interface TypeDifference {
  readonly name: string;
  readonly aCount: number;
  readonly bCount: number;
  /** Medians; undefined where the run has no task of this type. */
  readonly aMs: number | undefined;
  readonly bMs: number | undefined;
  readonly differenceMs: number | undefined;
}

export interface ModelDifference {
  readonly name: string;
  readonly aCalls: number;
  readonly bCalls: number;
  readonly aCost: number | undefined;
  readonly bCost: number | undefined;
}

/** Everything is B less A: positive is slower or dearer. */
export interface Comparison {
  readonly wallMs: number;
  /** Undefined where one of them has no priced call. */
  readonly cost: number | undefined;
  /** The largest difference first. */
  readonly categories: readonly CategoryDifference[];
  /** The category that differs most in the direction in which the run does. */
  readonly most: CategoryDifference | undefined;
  readonly types: readonly TypeDifference[];
  readonly models: readonly ModelDifference[];
}

/** @example compareRuns(before, after).wallMs // -490_000: 8 minutes faster */
export function compareRuns(a: RunReport, b: RunReport): Comparison {
  const wallMs = b.run.wallMs - a.run.wallMs;
  const categories = CATEGORIES.map((category): CategoryDifference => {
    const [aMs, bMs] = [msOf(a.laneTime.byCategory, category), msOf(b.laneTime.byCategory, category)];
    const [pathAMs, pathBMs] = [msOf(a.wallPath.byCategory, category), msOf(b.wallPath.byCategory, category)];
    return { category, aMs, bMs, differenceMs: bMs - aMs, pathAMs, pathBMs };
  })
    .filter((each) => each.aMs + each.bMs + each.pathAMs + each.pathBMs > 0)
    .sort((x, y) => Math.abs(y.differenceMs) - Math.abs(x.differenceMs));
  const costs = [a.usage.cost.amount, b.usage.cost.amount];
  const [aCost, bCost] = costs;
  return {
    wallMs,
    cost: aCost === undefined || bCost === undefined ? undefined : bCost - aCost,
    categories,
    most: categories.find(({ differenceMs }) => differenceMs !== 0 && differenceMs > 0 === wallMs > 0),
    types: typesOf(a, b),
    models: modelsOf(a, b),
  };
}

function msOf(parts: readonly { readonly category: Category; readonly ms: number }[], category: Category): number {
  return parts.find((each) => each.category === category)?.ms ?? 0;
}

function typesOf(a: RunReport, b: RunReport): TypeDifference[] {
  return namesOf(a.taskTypes, b.taskTypes, ({ name }) => name)
    .map((name) => {
      const [own, other] = [a, b].map(({ taskTypes }) => taskTypes.find((each) => each.name === name));
      const [aMs, bMs] = [own?.durationMs?.p50, other?.durationMs?.p50];
      const differenceMs = aMs === undefined || bMs === undefined ? undefined : bMs - aMs;
      return { name, aCount: own?.count ?? 0, bCount: other?.count ?? 0, aMs, bMs, differenceMs };
    })
    .sort((x, y) => Math.abs(y.differenceMs ?? 0) - Math.abs(x.differenceMs ?? 0));
}

function modelsOf(a: RunReport, b: RunReport): ModelDifference[] {
  return namesOf(a.usage.models, b.usage.models, ({ model }) => model).map((name) => {
    const [own, other] = [a, b].map(({ usage }) => usage.models.find(({ model }) => model === name));
    return { name, aCalls: own?.calls ?? 0, bCalls: other?.calls ?? 0, aCost: own?.cost.amount, bCost: other?.cost.amount };
  });
}

function namesOf<T>(a: readonly T[], b: readonly T[], nameOf: (each: T) => string): string[] {
  return [...new Set([...a, ...b].map(nameOf))];
}
