/** Scores findings against labels: recall and precision with Wilson bounds, false alarms, both of two, first, savings. */
import { FINDING_KINDS, type Finding, type FindingKind } from '../../src/analysis/index.ts';
import { hidden, type Labelled } from './corpus.ts';
import { citedBy } from './evidence.ts';

export interface Answered {
  readonly run: Labelled;
  readonly findings: readonly Finding[];
}

export interface Share {
  readonly hits: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

export interface Scores {
  readonly byKind: ReadonlyMap<FindingKind, { readonly recall: Share; readonly precision: Share }>;
  readonly macroRecall: number;
  readonly macroPrecision: number;
  readonly healthyAlarms: Share;
  readonly bothOfTwo: Share;
  readonly firstRight: Share;
  readonly within25: Share;
  readonly inBand: Share;
  readonly medianRatio: number;
  readonly medianError: number;
  /** Of the cited ids. */
  readonly existing: Share;
  /** Findings of which at least half of the ids belong to the cause. */
  readonly belonging: Share;
  readonly calibration: readonly Calibration[];
}

/** Findings said with a confidence from `from` to below `to`: how sure they were on average, and how many were right. */
export interface Calibration {
  readonly from: number;
  readonly to: number;
  readonly said: number;
  readonly right: Share;
}

const CONFIDENCES = [0, 0.7, 0.8, 0.85, 0.9, 1.01];

/** Wilson's interval of 95 %. */
export function share(hits: number, of: number): Share {
  if (of === 0) return { hits, of, low: NaN, high: NaN };
  const z = 1.96;
  const p = hits / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return { hits, of, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Where no ids of dependencies are told either name of the two is right. */
function isRight(kind: FindingKind, { labels, shape }: Labelled): boolean {
  if (labels.present.includes(kind)) return true;
  const other = kind === 'barrier' ? 'dependency_chain' : kind === 'dependency_chain' ? 'barrier' : undefined;
  return other !== undefined && !shape.hasDependencies && labels.present.includes(other);
}

function isNamed(kind: FindingKind, { run, findings }: Answered): boolean {
  const names = findings.map((each) => each.kind);
  if (names.includes(kind)) return true;
  const other = kind === 'barrier' ? 'dependency_chain' : kind === 'dependency_chain' ? 'barrier' : undefined;
  return other !== undefined && !run.shape.hasDependencies && names.includes(other);
}

export function isHealthy({ labels }: Labelled): boolean {
  return labels.absent.length === FINDING_KINDS.length;
}

export function score(answers: readonly Answered[]): Scores {
  const byKind = new Map<FindingKind, { recall: Share; precision: Share }>();
  for (const kind of FINDING_KINDS) {
    const present = answers.filter(({ run }) => run.labels.present.includes(kind) && !hidden(run).has(kind));
    const named = answers.filter(({ findings }) => findings.some((each) => each.kind === kind));
    const right = named.filter(({ run }) => isRight(kind, run));
    const wrong = named.filter(({ run }) => !isRight(kind, run) && run.labels.absent.includes(kind));
    byKind.set(kind, {
      recall: share(present.filter((each) => isNamed(kind, each)).length, present.length),
      precision: share(right.length, right.length + wrong.length),
    });
  }
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  const rates = [...byKind.values()];
  const healthy = answers.filter(({ run }) => isHealthy(run));
  const two = answers.filter(({ run }) => run.labels.present.length === 2 && run.labels.present.every((kind) => !hidden(run).has(kind)));
  const sick = answers.filter(({ run }) => run.labels.present.some((kind) => !hidden(run).has(kind)));
  // Of a run that was cut off nobody knows how long it would have been.
  const whole = answers.filter(({ run }) => run.tier !== 'cut');
  const savings = whole.flatMap(({ run, findings }) =>
    findings.flatMap(({ kind, recoverableSeconds }) => {
      const truth = run.labels.truths[kind].seconds;
      return truth >= 0.05 * run.labels.seconds && run.labels.present.includes(kind) ? [{ ...recoverableSeconds, truth }] : [];
    }),
  );
  const ratios = savings.map(({ value, truth }) => value / truth).sort((a, b) => a - b);
  const errors = savings.map(({ value, truth }) => Math.abs(value - truth) / truth).sort((a, b) => a - b);
  return {
    byKind,
    macroRecall: mean(rates.flatMap(({ recall }) => (recall.of > 0 ? [recall.hits / recall.of] : []))),
    macroPrecision: mean(rates.flatMap(({ precision }) => (precision.of > 0 ? [precision.hits / precision.of] : []))),
    healthyAlarms: share(healthy.filter(({ findings }) => findings.length > 0).length, healthy.length),
    bothOfTwo: share(two.filter((each) => each.run.labels.present.every((kind) => isNamed(kind, each))).length, two.length),
    firstRight: share(sick.filter(isFirstRight).length, sick.length),
    within25: share(errors.filter((each) => each <= 0.25).length, errors.length),
    inBand: share(savings.filter(({ low, high, truth }) => low <= truth && truth <= high).length, savings.length),
    medianRatio: ratios[Math.floor(ratios.length / 2)] ?? NaN,
    medianError: errors[Math.floor(errors.length / 2)] ?? NaN,
    ...evidenceOf(answers),
    calibration: CONFIDENCES.slice(1).map((to, index) => calibrationOf(answers, CONFIDENCES[index] ?? 0, to)),
  };
}

function evidenceOf(answers: readonly Answered[]): Pick<Scores, 'existing' | 'belonging'> {
  const all = answers.flatMap(({ run, findings }) =>
    findings.filter(({ kind }) => run.labels.present.includes(kind)).map((finding) => citedBy(finding, run)),
  );
  const sum = (of: (each: (typeof all)[number]) => number): number => all.reduce((total, each) => total + of(each), 0);
  return {
    existing: share(
      sum(({ existing }) => existing),
      sum(({ cited }) => cited),
    ),
    belonging: share(all.filter(({ cited, belonging }) => cited > 0 && belonging >= cited / 2).length, all.length),
  };
}

/** What is neither present nor absent is not judged. */
function calibrationOf(answers: readonly Answered[], from: number, to: number): Calibration {
  const said = answers.flatMap(({ run, findings }) =>
    findings
      .filter(({ kind, confidence }) => confidence >= from && confidence < to && (isRight(kind, run) || run.labels.absent.includes(kind)))
      .map(({ kind, confidence }) => ({ confidence, isRight: isRight(kind, run) })),
  );
  return {
    from,
    to: Math.min(to, 1),
    said: said.reduce((total, { confidence }) => total + confidence, 0) / said.length,
    right: share(said.filter((each) => each.isRight).length, said.length),
  };
}

function isFirstRight({ run, findings }: Answered): boolean {
  const first = findings[0];
  if (first === undefined) return false;
  const shares = FINDING_KINDS.filter((kind) => !hidden(run).has(kind)).map((kind) => run.labels.truths[kind].share);
  return run.labels.truths[first.kind].share >= Math.max(...shares) * 0.9 - 1e-9;
}
