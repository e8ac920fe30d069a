/** git commands and other child processes: how many, how long, and how they ended. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { isFailed, stopSignal } from '../process-end.ts';
import { numberOf, textOf, type SpanNode } from '../span-tree.ts';
import { distributionsBy, type NamedDistribution } from '../tasks.ts';

export interface GitReport {
  readonly operations: readonly NamedDistribution[];
  readonly count: number;
  /** Commands that agent CLIs ran for their own purposes. They are in no other figure of this section. */
  readonly housekeeping: number;
  readonly lockFailures: number;
  /** Operations that left files in conflict, also where they succeeded otherwise, such as `checkout -m`. */
  readonly conflicts: number;
  /** Files in conflict; undefined where those of some operation are not known. */
  readonly conflictFiles: number | undefined;
}

export interface ChildrenReport {
  readonly count: number;
  readonly failed: number;
  /** Asked to end by a signal such as SIGTERM. */
  readonly stopped: number;
  /**
   * CPU time of the program and of all that it waited for, with what that waited for, also where it lived too short to be
   * seen. Undefined where nobody looked.
   */
  readonly cpuSeconds: number | undefined;
}

export function git({ git: { own, housekeeping } }: RunFacts): GitReport {
  const nodes = [...own];
  const isType = (node: SpanNode, type: string): boolean => textOf(node.row.attributes, names.ATTR_ERROR_TYPE) === type;
  const filesOf = (node: SpanNode): number | undefined => numberOf(node.row.attributes, names.ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT);
  const conflicts = nodes.filter((node) => isType(node, names.ERROR_TYPE_VALUE_MERGE_CONFLICT) || filesOf(node) !== undefined);
  // A sum that leaves out a conflict would be too small.
  const isCounted = conflicts.length > 0 && conflicts.every((node) => filesOf(node) !== undefined);
  return {
    operations: distributionsBy(nodes, (node) => textOf(node.row.attributes, names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME) ?? node.row.name),
    count: nodes.length,
    housekeeping,
    lockFailures: nodes.filter((node) => isType(node, names.ERROR_TYPE_VALUE_LOCK_HELD)).length,
    conflicts: conflicts.length,
    conflictFiles: isCounted ? conflicts.reduce((sum, node) => sum + (filesOf(node) ?? 0), 0) : undefined,
  };
}

export function children({ children: nodes, tree }: RunFacts): ChildrenReport {
  const run = tree.topDown.find((node) => node.class === 'run' && node.parent === undefined);
  return {
    count: nodes.length,
    failed: nodes.filter(isFailed).length,
    stopped: nodes.filter((node) => stopSignal(node) !== undefined).length,
    cpuSeconds: numberOf(run?.row.attributes ?? {}, names.ATTR_SWARMSCOPE_PROCESS_CHILDREN_CPU_TIME),
  };
}
