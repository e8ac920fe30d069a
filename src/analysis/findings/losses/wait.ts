/** Waits that are declared, by their reason. */
import { ATTR_SWARMSCOPE_WAIT_REASON } from '../../../semconv/index.ts';
import type { Schedule } from '../../schedule/index.ts';
import { textOf } from '../../span-tree.ts';
import type { Lost } from './lost.ts';

export function waitLoss({ facts, units }: Schedule, reason: string): Lost[] {
  return facts.tree.topDown
    .filter((node) => node.class === 'wait' && textOf(node.row.attributes, ATTR_SWARMSCOPE_WAIT_REASON) === reason)
    .map((node) => ({ node, unit: units.unitOf.get(node), startMs: node.startMs, endMs: node.endMs }));
}
