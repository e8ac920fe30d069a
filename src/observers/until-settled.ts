/** Runs a function of a library's below an activity that ends when what it gives has settled. */
import type { Activity, Recorder } from '../recording/types.ts';
import { errorTypeOf } from '../semconv/error-type.ts';

/** Within the last of `activities`; a promise of the language's is answered by one that follows it. */
export function runUntilSettled(recorder: Recorder, activities: readonly Activity[], fn: () => unknown): unknown {
  const frame = activities.at(-1)?.frame;
  const end = (errorType?: string): void => {
    for (const activity of [...activities].reverse()) activity.end({ errorType });
  };
  let result: unknown;
  try {
    result = frame === undefined ? fn() : recorder.within(frame, fn);
  } catch (error) {
    end(errorTypeOf(error));
    throw error;
  }
  if (!(result instanceof Promise)) {
    end();
    return result;
  }
  return result.then(
    (value: unknown) => {
      end();
      return value;
    },
    (error: unknown) => {
      end(errorTypeOf(error));
      throw error;
    },
  );
}
