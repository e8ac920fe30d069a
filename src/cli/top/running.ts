/** What a running agent is known by: its arguments, what it holds open, what it gave its children, the file that it keeps of itself. */
import { isOpenForWriting } from '../../machine/open-files.ts';
import { namedByArguments, namedByChild, namedByPidFile, type Library, type Place, type RunningAgent } from '../../sessions/index.ts';
import type { SeenAgent } from './processes.ts';

/** Where this agent keeps its files. */
export function placeFor({ environment }: SeenAgent, home: string): Place {
  return { home: environment['HOME'] || home, environment };
}

export interface Known {
  readonly home: string;
  readonly root: string | undefined;
  readonly library: Pick<Library, 'idOf'>;
}

/** What names the session of an agent that runs. */
export function runningOf(seen: SeenAgent, { home, root, library }: Known): RunningAgent {
  const { pid, agent, startMs, folder, args, environment, children, paths, startTicks } = seen;
  const { sessionId, isContinued } = namedByArguments(agent, args);
  const ofFiles = paths.flatMap((open) => {
    const id = library.idOf(agent, open.path);
    // A list of sessions opens them all, to be read.
    return id === undefined || !isOpenForWriting(open, root) ? [] : [{ by: 'file' as const, sessionId: id }];
  });
  const ofChildren = children
    .flatMap((child) => namedByChild(agent, environment, child) ?? [])
    .map((id) => ({ by: 'child' as const, sessionId: id }));
  const ofPidFile = agent === 'claude' ? namedByPidFile(placeFor(seen, home), pid, startTicks) : undefined;
  return {
    ...{ pid, agent, startMs, folder, isContinued },
    evidence: [
      ...ofFiles,
      ...ofChildren,
      ...(ofPidFile === undefined ? [] : [{ by: 'pid-file' as const, sessionId: ofPidFile }]),
      ...(sessionId === undefined ? [] : [{ by: 'argument' as const, sessionId }]),
    ],
  };
}
