/** The recorder that the verbs of the API call, where there is one. */
import type { Recorder } from '../recording/types.ts';
import { runtime } from '../runtime.ts';

/** The recorder of whichever copy of the package is at work; what another version lacks, it lacks silently. */
export function recorderOf(): Recorder | undefined {
  try {
    const recorder = runtime()?.recorder();
    return typeof recorder?.within === 'function' ? recorder : undefined;
  } catch {
    // A runtime of another shape: the program goes on unrecorded.
    return undefined;
  }
}
