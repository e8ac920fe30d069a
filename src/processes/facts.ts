/** What one process is: its program, its kind, where it works, and what its environment says of the trace. */
import { basename } from 'node:path/posix';
import { worktreeAround } from '../config/git/worktree.ts';
import { repositoryName } from '../config/git/repository-name.ts';
import type { ProcessStat, ProcessTable } from '../machine/process-table.ts';
import { NODES } from '../programs/known.ts';
import { classifyRunning } from '../programs/running.ts';
import type { ProcessFacts } from './changes.ts';

export interface Seen {
  readonly executable: string | undefined;
  readonly folder: string | undefined;
  readonly args: readonly string[];
  readonly facts: ProcessFacts;
}

/** undefined: nothing can be read of it, since it has ended or is another user's. `before`: what was seen of it last. */
export function factsOf(
  table: ProcessTable,
  { pid, name }: ProcessStat,
  parent: Seen | undefined,
  before: Seen | undefined,
): Seen | undefined {
  const { executable, folder, args } = table.details(pid);
  if (executable === undefined && args.length === 0) return undefined;
  // A title that the process gave itself does not make it another program.
  const isTitled = before !== undefined && before.executable === executable && args.length <= 1 && before.args.length > 1;
  const what = isTitled ? before.facts : classifyRunning(executable, args);
  const environment = table.environment(pid);
  // In the middle of exec(2) the arguments are there before the environment.
  const isUnsettled = environment === '' && before === undefined;
  return {
    executable,
    folder,
    args: isTitled ? before.args : args,
    facts: {
      executable: what.executable,
      name,
      kind: what.kind,
      agentName: what.agentName,
      isNode: NODES.has(basename(executable ?? '')),
      isFork: isUnsettled || (parent !== undefined && parent.executable === executable && areSame(parent.args, args)),
      ...placeOf(folder),
      isRead: environment !== undefined && environment !== '',
      traceparent: valueOf(environment, 'TRACEPARENT'),
      hasTrace2: !['', '0', undefined].includes(valueOf(environment, 'GIT_TRACE2_EVENT')),
    },
  };
}

const areSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((arg, at) => arg === b[at]);

/** Longest values that are looked for are a `TRACEPARENT` and a path. */
const MAX_VALUE = 4_096;

function valueOf(environment: string | undefined, name: string): string | undefined {
  if (environment === undefined) return undefined;
  const start = environment.startsWith(`${name}=`) ? 0 : environment.indexOf(`\0${name}=`) + 1;
  if (start === 0 && !environment.startsWith(`${name}=`)) return undefined;
  const end = environment.indexOf('\0', start);
  return environment.slice(start + name.length + 1, end < 0 ? undefined : end).slice(0, MAX_VALUE);
}

type Place = Pick<ProcessFacts, 'repository' | 'worktree'>;

/** Folders whose repository is remembered. */
const MAX_FOLDERS = 1_000;
const places = new Map<string, Place>();
const NOWHERE: Place = { repository: undefined, worktree: undefined };

function placeOf(folder: string | undefined): Place {
  if (folder === undefined) return NOWHERE;
  let place = places.get(folder);
  if (place === undefined) {
    if (places.size >= MAX_FOLDERS) places.clear();
    places.set(folder, (place = findPlace(folder)));
  }
  return place;
}

function findPlace(folder: string): Place {
  const found = worktreeAround(folder);
  return found === undefined ? NOWHERE : { repository: repositoryName(found.gitFolder), worktree: basename(found.worktree) };
}

/** It ended while it was looked at. */
export function nothingKnown({ name }: ProcessStat): Seen {
  return {
    executable: undefined,
    args: [],
    folder: undefined,
    facts: {
      executable: name,
      name,
      kind: '',
      agentName: undefined,
      isNode: false,
      isFork: false,
      repository: undefined,
      worktree: undefined,
      isRead: false,
      traceparent: undefined,
      hasTrace2: false,
    },
  };
}
