/** The verb for snapshots: how this process stands, under a name, to be shown and compared later. */
import { recorderOf } from './recorder-of.ts';

/**
 * Keeps under `name` what runs in this process, what is open, spent and planned, and `state`: plain data of yours, up to 64 KiB as
 * JSON. The state is kept although the capture of content is off; credentials are taken out of it. Answers what was wrong, if
 * anything was: nothing is kept without a name, and what is no plain data is left out of the state.
 * @example snapshot('before-review', { wave: 2, left: changes.length });
 */
export function snapshot(name: string, state?: unknown): string | undefined {
  try {
    return recorderOf()?.snapshot(name, state);
  } catch {
    // A recorder of another version, which takes no snapshots.
    return undefined;
  }
}
