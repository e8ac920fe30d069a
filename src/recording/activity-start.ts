/** What a verb says of the span that it starts. */
import type { Link, SpanKind } from '@opentelemetry/api';
import type { Mask } from './content.ts';
import type { OnEnd } from './open-activity.ts';
import type { PlannedIds } from './planned-ids.ts';
import type { Frame, SpanStarter } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

export interface ActivityStart {
  name: string;
  kind: SpanKind;
  attributes: Attributes;
  startTime?: EpochMs | undefined;
  /** Default: the current frame. */
  parent?: Frame | undefined;
  /** Makes the span the root of a trace of its own, linked to its parent. */
  isOwnTrace?: boolean;
  /** It is a run: nothing is opened above it. */
  isRun?: boolean;
  /** It holds pieces of work, and is none itself: sampling leaves it in. */
  isFramework?: boolean;
  /** Of a span without a parent. */
  ids?: PlannedIds | undefined;
  links?: Link[];
  /** What the frame below the span carries besides the span. */
  carries?: Partial<Pick<Frame, 'task' | 'batch' | 'agent' | 'runId' | 'isInTool' | 'inference'>>;
  /** Default: our own tracer and mask. */
  tracer?: SpanStarter;
  mask?: Mask;
  onEnd?: OnEnd;
  /** The name of the event that tells the same as the span, where content is asked for on events. */
  event?: string;
  onCut?: ((errorType: string) => void) | undefined;
}
