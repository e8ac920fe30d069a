/** The catalogue of the report's sections, in the order of the JSON report: a name and the function that answers it. */
import type { RunFacts } from '../facts.ts';
import { agents } from './agents.ts';
import { batches } from './batches.ts';
import { children, git } from './commands.ts';
import { categories, queueWait, taskTypes } from './durations.ts';
import { explained } from './explained.ts';
import { findings } from './findings.ts';
import { gpus } from './gpus.ts';
import { imported } from './imported.ts';
import { laneTime } from './lane-time.ts';
import { lanes, timeline } from './lanes.ts';
import { losses } from './losses.ts';
import { missing } from './missing.ts';
import { money } from './money.ts';
import { observation } from './observation.ts';
import { optimization } from './optimization.ts';
import { orphans } from './orphans.ts';
import { parallelism } from './parallelism.ts';
import { phases } from './phases.ts';
import { profile } from './profile.ts';
import { routing } from './routing.ts';
import { run, spanCount } from './run.ts';
import { sampled } from './sampled.ts';
import { silent } from './silent.ts';
import { slowest } from './slowest.ts';
import { tasks } from './tasks.ts';
import { trouble } from './trouble.ts';
import { unread } from './unread.ts';
import { usage } from './usage.ts';
import { wallPath } from './wall-path.ts';

export const sections = {
  run,
  findings,
  explained,
  unread,
  imported,
  observation,
  sampled,
  missing,
  lanes,
  laneTime,
  wallPath,
  timeline,
  categories,
  taskTypes,
  slowest,
  tasks,
  usage,
  money,
  agents,
  parallelism,
  profile,
  phases,
  routing,
  optimization,
  batches,
  queueWait,
  trouble,
  silent,
  git,
  children,
  orphans,
  gpus,
  losses,
  spanCount,
} satisfies Readonly<Record<string, (facts: RunFacts) => unknown>>;

/** Plain JSON data. Times are epoch milliseconds, durations milliseconds; what is unknown is undefined, never 0. */
export type RunReport = { readonly [Name in keyof typeof sections]: ReturnType<(typeof sections)[Name]> };
