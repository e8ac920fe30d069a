/** The labelled runs: which seeds, causes, shapes and tiers. The seeds of the test split were fixed before any rule was tuned. */
import { FINDING_KINDS, type FindingKind } from '../../src/analysis/index.ts';
import { draw } from './engine.ts';
import { SHAPES, type Shape, type Tier } from './emit.ts';
import { labelsOf, type Labels } from './label.ts';
import type { Outcome } from './stage.ts';
import { simulate } from './swarm.ts';
import { worldOf, type World } from './world.ts';

export interface Labelled {
  readonly name: string;
  readonly world: World;
  readonly outcome: Outcome;
  readonly labels: Labels;
  readonly shape: Shape;
  readonly tier: Tier;
}

/** First seeds of the splits; a run takes one seed. */
export const SPLITS = { train: 10_000, test: 700_000 } as const;
export const TIERS: readonly Tier[] = ['clean', 'noisy', 'adversarial', 'cut'];

/** `perKind` runs of each kind, as many with two causes as kinds, and half as many healthy ones as all of these; for one tier. */
export function* corpus(split: keyof typeof SPLITS, tier: Tier, perKind: number): Generator<Labelled> {
  let seed = SPLITS[split] + TIERS.indexOf(tier) * 100_000;
  const make = (causes: readonly FindingKind[]): Labelled => {
    const own = seed++;
    const world = worldOf(own, causes);
    const outcome = simulate(world);
    const shape = SHAPES[Math.floor(draw(own, 'shape') * SHAPES.length)] as Shape;
    return { name: `${own} ${causes.join('+') || 'healthy'} ${shape.name}`, world, outcome, labels: labelsOf(world, outcome), shape, tier };
  };
  for (const kind of FINDING_KINDS) for (let index = 0; index < perKind; index++) yield make([kind]);
  for (let index = 0; index < FINDING_KINDS.length * perKind; index++) {
    if (index % 4 === 0) {
      const first = FINDING_KINDS[Math.floor(draw(seed, 'first') * FINDING_KINDS.length)] as FindingKind;
      const second = FINDING_KINDS[Math.floor(draw(seed, 'second') * FINDING_KINDS.length)] as FindingKind;
      yield make(first === second ? [first] : [first, second]);
    } else if (index % 4 !== 1) yield make([]);
  }
}

/** Kinds that nobody could tell from what this shape tells. */
export function hidden({ shape, world }: Labelled): ReadonlySet<FindingKind> {
  const found = new Set<FindingKind>();
  const add = (...kinds: FindingKind[]): void => kinds.forEach((kind) => found.add(kind));
  if (!shape.hasWaits) add('human_wait', 'lock_contention');
  if (!shape.hasAttempts) add('rework');
  if (!shape.isOurs)
    add(
      'process_startup',
      'workspace_setup',
      'merge_conflict',
      'cpu_contention',
      'too_few_workers',
      'serial_orchestrator',
      'lock_contention',
    );
  if (!shape.hasLimit && !shape.hasQueueWaits && world.workers === 1) add('too_few_workers', 'dependency_chain');
  return found;
}
