/** Each task makes its worktree and installs packages before it does anything. */
import * as names from '../../semconv/index.ts';
import type { Schedule } from '../schedule/index.ts';
import { textOf, type SpanNode } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';
import { lossOf } from './losses.ts';
import type { Lost } from './losses/lost.ts';

const SETS_UP = new Set(['worktree_add', 'clone', 'submodule_update']);
const SETUP_TOOL = /install|worktree|set_?up|bootstrap|npm[_ ]ci/i;
const INSTALLER = /^(?:npm|pnpm|yarn|bun|pip3?|uv|poetry|cargo|bundle|composer)$/i;

export const workspaceSetup: FindingRule = {
  kind: 'workspace_setup',
  find: (examined) => {
    const { schedule } = examined;
    const lost = setUps(schedule);
    const tasks = new Set(lost.map(({ unit }) => unit)).size;
    if (lost.length < 2) return undefined;
    return byLoss(examined, lossOf(schedule, lost), {
      confidence: 0.85,
      assumptions: ['a prepared worktree serves the task as well'],
      action: (_lost, savedMs) =>
        `Prepare worktrees and packages ahead, or share them: ${spokenTimes(lost.length, 'set-up')} in ${spokenTimes(tasks, 'task')} cost about ${spoken(savedMs)}.`,
      where: (all) => ({ steps: all.map(({ node }) => node.row.name) }),
    });
  },
};

function setUps({ facts, units }: Schedule): Lost[] {
  const found = new Set<SpanNode>();
  for (const node of facts.tree.topDown) {
    if (node.parent !== undefined && found.has(node.parent)) found.add(node);
    else if (isSetUp(node)) found.add(node);
  }
  const outermost = [...found].filter((node) => node.parent === undefined || !found.has(node.parent));
  const inUnits = outermost.filter((node) => units.unitOf.has(node) && units.unitOf.get(node)?.node !== node);
  const outside = units.outside.filter((node) => outermost.includes(node) && node.startMs >= (units.all[0]?.startMs ?? 0));
  return [...inUnits, ...outside].map((node) => ({
    node,
    unit: units.unitOf.get(node),
    startMs: node.startMs,
    endMs: node.endMs,
    isWork: true,
  }));
}

function isSetUp(node: SpanNode): boolean {
  const { attributes } = node.row;
  if (node.class === 'git') return SETS_UP.has(textOf(attributes, names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME) ?? '');
  if (node.class === 'process') {
    const kind = textOf(attributes, names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND);
    return (
      !node.hasDeeperWork &&
      (kind === names.SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_PACKAGE_MANAGER ||
        INSTALLER.test(textOf(attributes, names.ATTR_PROCESS_EXECUTABLE_NAME) ?? ''))
    );
  }
  return node.class === 'tool' && !node.hasDeeperWork && SETUP_TOOL.test(textOf(attributes, names.ATTR_GEN_AI_TOOL_NAME) ?? '');
}
