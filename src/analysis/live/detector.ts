/** What each kind of live finding is made of: it is fed, and says at each look what holds now. */
import type { LogRow, SpanRow } from '../model.ts';
import type { SpanClass } from '../span-tree.ts';
import type { OpenWork, Work } from './open-work.ts';
import type { Threshold } from './thresholds.ts';
import type { Claim, LiveEvidence, LiveKind, Surroundings } from './types.ts';

export interface EndedSpan {
  readonly row: SpanRow;
  readonly class: SpanClass;
  /** As it was told at its start. */
  readonly work: Work | undefined;
  readonly parent: Work | undefined;
}

export interface LivePoint {
  readonly name: string;
  readonly value: number;
  readonly timeMs: number;
  readonly attributes: SpanRow['attributes'];
}

export interface Look {
  /** Epoch milliseconds of the run's clock. */
  readonly nowMs: number;
  readonly open: OpenWork;
  readonly around: Surroundings;
}

/** Its memory is bounded. Nothing of it keeps the rows that it is given. */
export interface Detector {
  readonly ended?: (span: EndedSpan) => void;
  readonly log?: (log: LogRow) => void;
  readonly point?: (point: LivePoint) => void;
  /** What holds now; a claim that is left out is over. */
  readonly claims: (look: Look) => Claim[];
}

export interface LiveRule {
  readonly kind: LiveKind;
  readonly watch: (threshold: Threshold) => Detector;
}

export const MAX_EVIDENCE = 10;

/** The last ones that were told, the newest first. */
export function addEvidence(list: LiveEvidence[], { traceId, spanId }: LiveEvidence): void {
  list.unshift({ traceId, spanId });
  if (list.length > MAX_EVIDENCE) list.pop();
}
