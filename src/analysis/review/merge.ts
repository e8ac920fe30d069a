/** Several runs as one side of a comparison: sums of what they did, and all their tasks. */
import type { RunReport } from '../sections/index.ts';
import { sideOf, type Side, type TypeFigures } from '../compare/side.ts';

/** undefined: there are none. Tasks lose their keys, since each run may have one of the same name. */
export function mergeRuns(name: string, reports: readonly RunReport[]): Side | undefined {
  const sides = reports.flatMap((report) => sideOf(report) ?? []);
  const [first] = sides;
  if (first === undefined) return undefined;
  const figures = new Map<string, number | undefined>();
  const laneTime = new Map<string, number>();
  const types = new Map<string, TypeFigures>();
  for (const side of sides) {
    for (const [figure, value] of side.figures) figures.set(figure, plus(figures.get(figure), value));
    for (const [category, ms] of side.laneTime) laneTime.set(category, (laneTime.get(category) ?? 0) + ms);
    for (const type of side.taskTypes) types.set(type.name, together(types.get(type.name), type));
  }
  return {
    run: {
      id: '',
      name,
      startMs: Math.min(...sides.map(({ run }) => run.startMs)),
      wallMs: figures.get('wall') ?? 0,
      isFinished: sides.every(({ run }) => run.isFinished),
    },
    isIncomplete: sides.some(({ isIncomplete }) => isIncomplete),
    lanes: Math.max(...sides.map(({ lanes }) => lanes)),
    laneTime,
    figures,
    taskTypes: [...types.values()],
    tasks: sides.flatMap(({ tasks }) => tasks.map((task) => ({ ...task, key: undefined }))),
    findings: sides.flatMap(({ findings = [] }) => findings),
  };
}

const plus = (a: number | undefined, b: number | undefined): number | undefined => (b === undefined ? a : (a ?? 0) + b);

function together(before: TypeFigures | undefined, type: TypeFigures): TypeFigures {
  if (before === undefined) return type;
  const count = before.count + type.count;
  const sumMs = plus(sumOf(before), sumOf(type));
  return { name: type.name, count, failed: before.failed + type.failed, meanMs: sumMs === undefined ? undefined : sumMs / count };
}

const sumOf = ({ count, meanMs }: TypeFigures): number | undefined => (meanMs === undefined ? undefined : meanMs * count);
