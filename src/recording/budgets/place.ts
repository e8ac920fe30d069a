/** What a piece of work stands under, as budgets name it. */
import type { Frame } from '../types.ts';

/** Frames above a call; protects from a chain without an end. */
const MAX_DEPTH = 256;

/** Names of the agents, ids and types of the tasks around a piece of work. */
export function placeOf(frame: Frame): { agents: string[]; tasks: string[] } {
  const agents: string[] = [];
  const tasks = new Set<string>();
  let depth = 0;
  for (let at: Frame | undefined = frame; at !== undefined && depth < MAX_DEPTH; at = at.parent, depth += 1) {
    if (at.agent !== undefined && !agents.includes(at.agent.name)) agents.push(at.agent.name);
    for (let { task } = at; task !== undefined && !tasks.has(task.id); task = task.outer) tasks.add(task.id).add(task.type);
  }
  return { agents, tasks: [...tasks] };
}
