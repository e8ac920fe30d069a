/** What findings are compared with: naming everything, nothing, by chance, by two rules of thumb, and by the largest category. */
import { FINDING_KINDS, type Finding, type FindingKind, type RunReport } from '../../src/analysis/index.ts';
import { draw } from './engine.ts';

interface Baseline {
  readonly name: string;
  readonly answer: (report: RunReport, seed: number) => Finding[];
}

const said = (kind: FindingKind): Finding => ({
  kind,
  severity: 'low',
  recoverableSeconds: { value: 0, low: 0, high: 0 },
  recoverableUsd: 0,
  confidence: 1,
  evidence: { spanIds: [] },
  assumptions: [],
  action: '',
  where: {},
});

/** A category of lane time, and the kind that a reader takes it for. */
const BY_CATEGORY: Readonly<Record<string, FindingKind>> = {
  'wait:barrier': 'barrier',
  'wait:orchestrator': 'serial_orchestrator',
  'wait:dependency': 'dependency_chain',
  'wait:worker': 'too_few_workers',
  'wait:rate_limit': 'rate_limit',
  'wait:lock': 'lock_contention',
  'wait:human': 'human_wait',
  'wait:gpu': 'gpu_queue',
  startup: 'process_startup',
  llm: 'slow_llm',
  tool: 'cpu_contention',
  git: 'workspace_setup',
};

export const BASELINES: readonly Baseline[] = [
  { name: 'everything', answer: () => FINDING_KINDS.map(said) },
  { name: 'nothing', answer: () => [] },
  { name: 'chance (one in ten)', answer: (_report, seed) => FINDING_KINDS.filter((kind) => draw(seed, 'chance', kind) < 0.1).map(said) },
  {
    // jcmd13/subAgentTracking: a task of 30 % of the wall time is slow, and 1 - wall / sum of durations below 0.3 is sequential.
    name: 'two rules of thumb',
    answer: ({ run, slowest, taskTypes }) => {
      const longest = Math.max(0, ...slowest.map(({ durationMs }) => durationMs ?? 0));
      const sum = taskTypes.reduce((ms, { durationMs }) => ms + (durationMs?.sum ?? 0), 0);
      const isSequential = sum > 0 && 1 - run.wallMs / sum < 0.3;
      return [...(longest >= 0.3 * run.wallMs ? [said('straggler')] : []), ...(isSequential ? [said('too_few_workers')] : [])];
    },
  },
  {
    name: 'largest category',
    answer: ({ laneTime }) => {
      const kind = laneTime.byCategory.map(({ category }) => BY_CATEGORY[category]).find((each) => each !== undefined);
      return kind === undefined ? [] : [said(kind)];
    },
  },
];
