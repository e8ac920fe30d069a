/** What the finders of lost time give. */
import type { Stretch, Unit } from '../../schedule/index.ts';
import type { SpanNode } from '../../span-tree.ts';

/** One stretch that was lost, and the span that shows it. */
export interface Lost extends Stretch {
  readonly node: SpanNode;
  /** Undefined: outside of all units. */
  readonly unit: Unit | undefined;
  /** Whether it counts though a call or git went on beside it in the same unit, since that is what was lost. */
  readonly isWork?: boolean;
}
