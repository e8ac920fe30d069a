/** git commands while a policy has the observer of git switched off: they are read, and not recorded. */
import type { LivePolicies } from '../../config/policies/live.ts';
import type { RecorderState } from '../../recording/index.ts';

type GitRecorder = RecorderState['git'];

export function unlessOff(recorder: GitRecorder, policies: LivePolicies): GitRecorder {
  const isOff = (): boolean => policies.isOff('git');
  return {
    startGit: (start) => (isOff() ? { end: () => undefined } : recorder.startGit(start)),
    recordGit(operation) {
      if (!isOff()) recorder.recordGit(operation);
    },
  };
}
