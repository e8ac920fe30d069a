/** Asks a library's own context in which of its spans the program is, so that what is recorded there hangs below it. */
import type { Frame } from '../recording/types.ts';
import type { ObserverContext } from './observer.ts';
import type { OffSwitch } from './off-switch.ts';

export interface SpanReader<Span> {
  readonly context: ObserverContext;
  readonly gate: OffSwitch;
  /** Nothing is asked while no span of the library is open. */
  readonly isEmpty: () => boolean;
  readonly frameOf: (span: Span) => Frame | undefined;
  /** Of each copy of the library. */
  readonly readers: ReadonlySet<() => Span>;
}

/** What it returns begins to ask, as soon as there is a recorder; to be called whenever there may be one. */
export function followOnce<Span>({ context, gate, isEmpty, frameOf, readers }: SpanReader<Span>): () => void {
  let isFollowed = false;
  return () => {
    const recorder = isFollowed ? undefined : context.recorder();
    if (recorder === undefined) return;
    isFollowed = true;
    recorder.followContext(() => {
      if (isEmpty()) return undefined;
      return gate.safely(() => {
        for (const read of readers) {
          const frame = frameOf(read());
          if (frame !== undefined) return frame;
        }
        return undefined;
      });
    });
  };
}
