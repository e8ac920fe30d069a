/** Recognises servers and watchers: processes that are left running, and whose end nothing waits for. */
import { ATTR_SWARMSCOPE_PROCESS_SIGNAL } from '../semconv/index.ts';
import { descendantsOf, isAgentCli, textOf, type SpanClass, type SpanNode, type SpanTree } from './span-tree.ts';

/** What a program does one after the other. When one of these begins and ends, nobody waits for what runs beside it. */
const ACTS: ReadonlySet<SpanClass> = new Set(['task', 'agent', 'llm', 'tool', 'git', 'process', 'wait']);
/** A process may be told to end a moment before its task has ended. */
const TOLERANCE_MS = 50;

/**
 * A plain process is a server where it did not end by itself (it was ended by a signal, or outlived what started it)
 * and where whoever started it went on meanwhile: something began and ended in its life that is no part of it.
 */
export function findServers(tree: SpanTree): ReadonlySet<SpanNode> {
  const servers = new Set<SpanNode>();
  const around = new Map<SpanNode | undefined, SpanNode[]>();
  const actsIn = (surroundings: SpanNode | undefined): readonly SpanNode[] => {
    let acts = around.get(surroundings);
    if (acts === undefined) {
      const all = surroundings === undefined ? tree.topDown : descendantsOf(surroundings);
      acts = all.filter((node) => ACTS.has(node.class)).sort((a, b) => a.startMs - b.startMs);
      around.set(surroundings, acts);
    }
    return acts;
  };
  for (const node of tree.topDown) {
    // What a server starts is a part of it.
    if (node.parent !== undefined && servers.has(node.parent)) servers.add(node);
    if (node.class !== 'process' || node.hasDeeperWork || isAgentCli(node)) continue;
    const surroundings = surroundingsOf(node);
    if (endedByItself(node, surroundings?.row.endMs ?? tree.endMs)) continue;
    if (wentOn(node, actsIn(surroundings))) servers.add(node);
  }
  return servers;
}

/** The task, agent or worker that started it; undefined for the program itself. */
function surroundingsOf({ parent }: SpanNode): SpanNode | undefined {
  let at = parent;
  while (at !== undefined && at.class !== 'task' && at.class !== 'agent' && !(at.class === 'process' && at.hasDeeperWork)) at = at.parent;
  return at;
}

function endedByItself({ row, durationMs }: SpanNode, endMs: number): boolean {
  if (durationMs === undefined || row.endMs === undefined) return false;
  return textOf(row.attributes, ATTR_SWARMSCOPE_PROCESS_SIGNAL) === undefined && row.endMs <= endMs + TOLERANCE_MS;
}

function wentOn(process: SpanNode, acts: readonly SpanNode[]): boolean {
  for (let index = firstAfter(acts, process.startMs); index < acts.length; index++) {
    const act = acts[index] as SpanNode;
    if (act.startMs >= process.endMs) return false;
    if (act.startMs > process.startMs && act.endMs <= process.endMs && !act.isOpen && !isBelow(act, process)) return true;
  }
  return false;
}

function firstAfter(acts: readonly SpanNode[], ms: number): number {
  let low = 0;
  let high = acts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((acts[middle]?.startMs ?? Infinity) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBelow(node: SpanNode, above: SpanNode): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) if (at === above) return true;
  return false;
}
