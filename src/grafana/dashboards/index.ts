/** All boards, in the order in which they are listed. */
import type { Board } from '../panel.ts';
import { agents } from './agents.ts';
import { fleet } from './fleet.ts';
import { git } from './git.ts';
import { llm } from './llm.ts';
import { machine } from './machine.ts';
import { overview } from './overview.ts';
import { saturation } from './saturation.ts';
import { tasks } from './tasks.ts';
import { telemetry } from './telemetry.ts';

export const boards: readonly Board[] = [overview, fleet, saturation, tasks, llm, agents, git, machine, telemetry];
