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
  /** Operations that ended in a merge conflict. */
  readonly conflicts: number;
  /** Files in conflict; undefined where git did not name them. */
  readonly conflictFiles: number | undefined;
}

export interface ChildrenReport {
  readonly count: number;
  readonly failed: number;
  /** Asked to end by a signal such as SIGTERM. */
  readonly stopped: number;
}

export function git({ git: { own, housekeeping } }: RunFacts): GitReport {
  const nodes = [...own];
  const error = (type: string): SpanNode[] => nodes.filter((node) => textOf(node.row.attributes, names.ATTR_ERROR_TYPE) === type);
  const files = nodes.flatMap((node) => numberOf(node.row.attributes, names.ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT) ?? []);
  return {
    operations: distributionsBy(nodes, (node) => textOf(node.row.attributes, names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME) ?? node.row.name),
    count: nodes.length,
    housekeeping,
    lockFailures: error(names.ERROR_TYPE_VALUE_LOCK_HELD).length,
    conflicts: error(names.ERROR_TYPE_VALUE_MERGE_CONFLICT).length,
    conflictFiles: files.length === 0 ? undefined : files.reduce((sum, count) => sum + count, 0),
  };
}

export function children({ children: nodes }: RunFacts): ChildrenReport {
  return {
    count: nodes.length,
    failed: nodes.filter(isFailed).length,
    stopped: nodes.filter((node) => stopSignal(node) !== undefined).length,
  };
}
