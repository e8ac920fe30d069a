/** Processes of a tree, built by hand. */
import type { ProcessFacts } from '../../src/processes/changes.ts';
import type { TreeProcess } from '../../src/processes/tree.ts';

export function facts(executable: string, more: Partial<ProcessFacts> = {}): ProcessFacts {
  return {
    executable,
    name: executable,
    kind: 'other',
    agentName: undefined,
    isNode: false,
    isFork: false,
    repository: undefined,
    worktree: undefined,
    isRead: true,
    traceparent: undefined,
    hasTrace2: false,
    ...more,
  };
}

export function processOf(pid: number, parent: TreeProcess | undefined, what: ProcessFacts): TreeProcess {
  const usage = { cpuMs: 0, childCpuMs: 0, peakMemoryBytes: undefined, readBytes: undefined, writtenBytes: undefined };
  return {
    pid,
    startMs: 1_000,
    endMs: undefined,
    parent,
    foundBy: parent === undefined ? 'program' : 'parent',
    facts: what,
    usage,
    status: undefined,
    silence: undefined,
    longestSilence: undefined,
    place: undefined,
  };
}
