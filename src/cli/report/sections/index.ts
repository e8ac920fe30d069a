/** The catalogue of the printed report: its sections, in the order in which they are printed. */
import type { Section } from '../section.ts';
import { agents } from './agents.ts';
import { batches } from './batches.ts';
import { commands } from './commands.ts';
import { durations } from './durations.ts';
import { explained } from './explained.ts';
import { findings } from './findings.ts';
import { gpus } from './gpus.ts';
import { imported } from './imported.ts';
import { laneTime } from './lane-time.ts';
import { lanes } from './lanes.ts';
import { losses } from './losses.ts';
import { money } from './money.ts';
import { observation } from './observation.ts';
import { orphans } from './orphans.ts';
import { parallelism } from './parallelism.ts';
import { phases } from './phases.ts';
import { profile } from './profile.ts';
import { routing } from './routing.ts';
import { sampled } from './sampled.ts';
import { slowest } from './slowest.ts';
import { trouble } from './trouble.ts';
import { unread } from './unread.ts';
import { usage } from './usage.ts';
import { wallPath } from './wall-path.ts';

export const sections: readonly Section[] = [
  findings,
  unread,
  imported,
  sampled,
  observation,
  lanes,
  laneTime,
  wallPath,
  explained,
  agents,
  slowest,
  durations,
  usage,
  money,
  parallelism,
  profile,
  phases,
  routing,
  batches,
  commands,
  orphans,
  gpus,
  trouble,
  losses,
];
