/** What this machine has that is worth watching. */
import type { Finding } from '../finding.ts';

export function ofMachine({ hasGit, hasGpu }: { hasGit: boolean; hasGpu: boolean }): Finding[] {
  const gpu = hasGpu ? 'A driver for GPUs is present: what they tell is sampled.' : 'No GPU: no GPU gauges.';
  return [
    ...(hasGit ? [] : [{ level: 'note', text: 'git is not on the PATH: no git commands will be seen.' } as const]),
    { level: 'note', text: gpu },
  ];
}
