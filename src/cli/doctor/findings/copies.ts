/** The private copies of the preload: whether they are whole, and whether nobody else can change them. */
import type { CopyStates } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

/** `shown`: a path as it may be printed. */
export function ofCopies({ folder, unsafe, copies }: CopyStates, shown: (path: string) => string): Finding[] {
  if (unsafe !== undefined)
    return [
      {
        level: 'problem',
        text: `The preload is not copied to ${shown(folder)}, and child processes are not watched: ${unsafe}.`,
        next: 'set XDG_CACHE_HOME to a folder of yours, of which no folder above it can be changed by others',
      },
    ];
  return copies.flatMap(({ name, problem }) =>
    problem === undefined
      ? []
      : [
          {
            level: 'problem',
            text: `The preload's copy ${name} in ${shown(folder)} cannot be used (${problem}); child processes that need it are not watched.`,
            next: 'swarmscope run -- COMMAND makes it anew where it is of this version; remove its folder where it is of another',
          } as const,
        ],
  );
}
