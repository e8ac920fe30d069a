/** git commands of which only the process is recorded, since the user traces git already. */
import type { ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

/** A note, not a problem: the user has chosen so. */
export function ofGit(process: string, counters: ProcessStatus['counters']): Finding[] {
  if ((counters['git.traced-by-user'] ?? 0) === 0) return [];
  return [
    {
      level: 'note',
      text: `${process}: you trace git yourself, and that stays as it is: git commands were seen as plain child processes`,
      next: 'unset GIT_TRACE2_EVENT, GIT_TRACE2_EVENT_BRIEF and trace2.eventTarget (git config --global) to see each command',
    },
  ];
}
