/** Whether a git has Trace2 events (2.22): asked once for each git that this process starts. */
import type { ChildLaunch } from '../../hooks/child-process/index.ts';
import { askVersion } from './ask-version.ts';

/** Git programs that are remembered. Protects memory from paths that are made of data. */
const MAX_KNOWN = 16;
const known = new Map<string, boolean>();

/** A git that does not answer counts as a recent one. */
export function hasTrace2(launch: ChildLaunch): boolean {
  const { file, environment } = launch;
  const key = `${file}\n${environment['PATH'] ?? ''}`;
  let answer = known.get(key);
  if (answer === undefined) {
    answer = canTrace(askVersion(file, 'version', launch));
    if (known.size < MAX_KNOWN) known.set(key, answer);
  }
  return answer;
}

/** Whether the output of `git version` names one with Trace2 events; true for a text without a version. */
export function canTrace(version: string | null): boolean {
  const match = /^git version (\d+)\.(\d+)/.exec(version ?? '');
  if (match === null) return true;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 2 || (major === 2 && minor >= 22);
}
