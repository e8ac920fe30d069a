/** Worker processes take long to start and to end, task after task. */
import { phasesOf } from '../process-phases.ts';
import type { Schedule } from '../schedule/index.ts';
import { isAgentCli, type SpanNode } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, type FindingRule } from './finding.ts';
import { lossOf } from './losses.ts';
import type { Lost } from './losses/lost.ts';

export const processStartup: FindingRule = {
  kind: 'process_startup',
  find: (examined) => {
    const lost = startups(examined.schedule);
    const processes = new Set(lost.map(({ node }) => node)).size;
    // One start in a run is no cause.
    if (processes < 2) return undefined;
    return byLoss(examined, lossOf(examined.schedule, lost), {
      confidence: 0.85,
      assumptions: ['a process that lives on does the work of the next task as well'],
      action: (_lost, savedMs) =>
        `Keep workers alive between tasks or start them ahead: the starts and ends of ${processes} processes cost about ${spoken(savedMs)}.`,
      where: (all) => ({ processes: all.map(({ node }) => node.row.name) }),
    });
  },
};

/**
 * From the launch of a process to its first act, and from its last act to its end. The clock of the process may differ from
 * that of its parent, so both are taken together: its life without the stretch from its first act to its last.
 */
function startups({ facts, units }: Schedule): Lost[] {
  return facts.tree.topDown.flatMap((node): Lost[] => {
    const unit = units.unitOf.get(node);
    if (node.class !== 'process' || unit === undefined || node.isOpen || !(node.hasDeeperWork || isAgentCli(node))) return [];
    const phases = phasesOf(node);
    const acts = node.children.filter(({ row }) => row.endMs !== undefined);
    if (acts.length === 0 || isNested(node)) return [];
    const first = acts.reduce((ms, { row }) => Math.min(ms, row.startMs), Infinity);
    const last = acts.reduce((ms, { row }) => Math.max(ms, row.endMs ?? -Infinity), -Infinity);
    const isSkewed = first < node.row.startMs || last > (node.row.endMs ?? Infinity);
    if (!isSkewed) return phases.map(({ startMs, endMs }) => ({ node, unit, startMs, endMs, isWork: true }));
    const lostMs = Math.max(0, node.endMs - node.startMs - (last - first));
    return lostMs > 0 ? [{ node, unit, startMs: node.startMs, endMs: node.startMs + lostMs, isWork: true }] : [];
  });
}

/** A launcher around the program itself (`npx`): the inner one tells. */
function isNested({ children }: SpanNode): boolean {
  return children.length === 1 && children[0]?.class === 'process' && children[0].hasDeeperWork;
}
