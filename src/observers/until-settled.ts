/** Runs a function and tells when what it gives has settled: for activities that last as long as a call of a library or of the program. */
import type { Activity, Recorder } from '../recording/types.ts';
import { errorTypeOf } from '../semconv/error-type.ts';

/** `end` is called once, with what was thrown. A promise of the language's is answered by one that follows it; what else there is to await is a value. */
export function untilSettled(fn: () => unknown, end: (failure?: { readonly error: unknown }) => void): unknown {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    end({ error });
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
      end({ error });
      throw error;
    },
  );
}

/** Within the last of `activities`, which all end with it. */
export function runUntilSettled(recorder: Recorder, activities: readonly Activity[], fn: () => unknown): unknown {
  const frame = activities.at(-1)?.frame;
  return untilSettled(
    () => (frame === undefined ? fn() : recorder.within(frame, fn)),
    (failure) => {
      const errorType = failure === undefined ? undefined : errorTypeOf(failure.error);
      for (const activity of [...activities].reverse()) activity.end({ errorType });
    },
  );
}
