/** The catalogue of findings: a kind is one file and one line here. Ranked by what they save; what saves too little is left out. */
import { ATTR_SWARMSCOPE_COST_AMOUNT } from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { scheduleOf, type Schedule } from '../schedule/index.ts';
import { numberOf, type SpanNode } from '../span-tree.ts';
import { FINDING_KINDS, type Candidate, type Examined, type Finding, type FindingKind, type FindingRule } from './finding.ts';
import { barrier } from './barrier.ts';
import { cacheMiss } from './cache-miss.ts';
import { contextBloat } from './context-bloat.ts';
import { cpuContention } from './cpu-contention.ts';
import { dependencyChain } from './dependency-chain.ts';
import { gpuQueue } from './gpu-queue.ts';
import { humanWait } from './human-wait.ts';
import { hungAgent } from './hung-agent.ts';
import { lockContention } from './lock-contention.ts';
import { mergeConflict } from './merge-conflict.ts';
import { processStartup } from './process-startup.ts';
import { rateLimit } from './rate-limit.ts';
import { rework } from './rework.ts';
import { serialOrchestrator } from './serial-orchestrator.ts';
import { slowLlm } from './slow-llm.ts';
import { straggler } from './straggler.ts';
import { tooFewWorkers } from './too-few-workers.ts';
import { tooManyWorkers } from './too-many-workers.ts';
import { toolLoop } from './tool-loop.ts';
import { workspaceSetup } from './workspace-setup.ts';
import { lossesOf } from './losses.ts';
import { unexplainedIn } from './losses/unexplained.ts';

export { FINDING_KINDS, type Finding, type FindingKind } from './finding.ts';

export const RULES: readonly FindingRule[] = [
  barrier,
  straggler,
  serialOrchestrator,
  dependencyChain,
  tooFewWorkers,
  tooManyWorkers,
  rateLimit,
  lockContention,
  humanWait,
  processStartup,
  workspaceSetup,
  toolLoop,
  hungAgent,
  rework,
  mergeConflict,
  gpuQueue,
  slowLlm,
  cpuContention,
  contextBloat,
  cacheMiss,
];

/** Of the wall time or the cost. Between 5 and 10 % nobody is right or wrong; less is not worth a line. */
export const MIN_SHARE = 0.08;
/** What is a guess from times alone must be worth more: a plan and a closing step look like a short chain. */
const SURE = 0.7;
const MIN_UNSURE_SHARE = 0.12;
/** Cents are not worth a line either. */
const MIN_USD = 0.001;

/** `high` and `medium` from these shares on. */
const SEVERE = 0.3;
const MEDIUM = 0.15;
/** Measured on labelled runs that lack spans: there nine of ten truths lie in a band so much wider. */
const LOSSY_BAND = [0.8, 2.2] as const;
const MAX_EVIDENCE = 10;
const MAX_NAMES = 5;

export function findingsOf(facts: RunFacts, schedule: Schedule = scheduleOf(facts)): Finding[] {
  if (facts.wallMs <= 0 || schedule.units.all.length === 0) return [];
  const examined: Examined = { schedule, losses: lossesOf(schedule), costUsd: costOf(facts) };
  const found = RULES.flatMap(({ kind, find }) => {
    const candidate = find(examined);
    if (candidate === undefined) return [];
    const share = Math.max(candidate.savedMs / facts.wallMs, shareOfCost(candidate, examined));
    const isWorth = share >= (candidate.confidence < SURE ? MIN_UNSURE_SHARE : MIN_SHARE) && candidate.evidence.length > 0;
    return isWorth ? [{ share, finding: describe(kind, candidate, { share, schedule }) }] : [];
  });
  return found
    .sort((a, b) => b.share - a.share || FINDING_KINDS.indexOf(a.finding.kind) - FINDING_KINDS.indexOf(b.finding.kind))
    .map(({ finding }) => finding);
}

function shareOfCost({ usd = 0 }: Candidate, { costUsd }: Examined): number {
  return usd < MIN_USD || costUsd <= 0 ? 0 : usd / costUsd;
}

function costOf({ llm }: RunFacts): number {
  let sum = 0;
  for (const { row } of llm.calls) sum += numberOf(row.attributes, ATTR_SWARMSCOPE_COST_AMOUNT) ?? 0;
  return sum;
}

function describe(kind: FindingKind, candidate: Candidate, { share, schedule }: { share: number; schedule: Schedule }): Finding {
  const { savedMs, usd = 0, evidence, where = {} } = candidate;
  const saved = Math.max(0, savedMs);
  // What the replay of the unchanged run misses, it may miss of the changed one.
  const slackMs = schedule.baseError * schedule.wallMs;
  // Of what was lost with spans no more is known than that it makes the cause look smaller.
  const [shrink, stretch] = unexplainedIn(schedule) === undefined ? [1, 1] : LOSSY_BAND;
  const low = Math.min(saved, candidate.lowMs ?? saved * 0.85) * shrink - slackMs;
  const high = Math.max(saved, candidate.highMs ?? saved * 1.15) * stretch + slackMs;
  return {
    kind,
    severity: share >= SEVERE ? 'high' : share >= MEDIUM ? 'medium' : 'low',
    recoverableSeconds: { value: inSeconds(saved), low: inSeconds(Math.max(0, low)), high: inSeconds(Math.min(high, schedule.wallMs)) },
    recoverableUsd: usd < MIN_USD ? 0 : Number(usd.toFixed(6)),
    confidence: candidate.confidence,
    evidence: { spanIds: idsOf(evidence) },
    assumptions: candidate.assumptions,
    action: candidate.action,
    where: Object.fromEntries(
      Object.entries(where).flatMap(([name, values]) => {
        const distinct = [...new Set(values.filter((value) => value !== undefined && value !== ''))].slice(0, MAX_NAMES) as string[];
        return distinct.length === 0 ? [] : [[name, distinct]];
      }),
    ),
  };
}

const inSeconds = (ms: number): number => Number((ms / 1000).toFixed(3));

function idsOf(evidence: readonly SpanNode[]): string[] {
  return [...new Set(evidence.map(({ row }) => row.spanId))].slice(0, MAX_EVIDENCE);
}
