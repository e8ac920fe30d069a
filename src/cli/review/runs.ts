/** Which runs a review is of, and which are those of the phase before. */
import { analyse, onlyPhase, phasesIn, type RunData, type RunReport } from '../../analysis/index.ts';
import { ViewerError, type StoredRun } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { readStoredRun, storedRuns } from '../stored.ts';
import { lastTag, markAt, type Mark } from './repository.ts';

export interface Chosen {
  readonly name: string;
  readonly runs: readonly RunReport[];
  readonly before: { readonly name: string; readonly runs: readonly RunReport[] };
  readonly notes: readonly string[];
}

interface Stretches {
  readonly name: string;
  readonly ids: readonly string[];
  readonly beforeName: string;
  readonly beforeIds: readonly string[];
}

/** @throws SwarmscopeError `RUN_NOT_FOUND` */
export async function chooseRuns(since: string | undefined, phase: string | undefined): Promise<Chosen> {
  const all = storedRuns().toReversed();
  const readable = all.filter(({ run }) => run !== undefined);
  if (readable.length === 0)
    throw new SwarmscopeError(
      'RUN_NOT_FOUND',
      'No run is stored yet, so there is nothing to review; "swarmscope run -- <command>" makes one.',
    );
  const notes = all.length === readable.length ? [] : [`${all.length - readable.length} stored runs cannot be read and are left out.`];
  const stretches = await stretchesOf(readable, since);
  if (stretches.ids.length === 0)
    throw new SwarmscopeError(
      'RUN_NOT_FOUND',
      `No run began after ${stretches.beforeName}, so there is nothing to review; "swarmscope runs" lists all.`,
    );
  if (phase !== undefined) return { ...phaseOf(stretches, phase, notes), notes };
  return {
    name: stretches.name,
    runs: stretches.ids.flatMap((id) => reportOf(id, notes)),
    before: { name: stretches.beforeName, runs: stretches.beforeIds.flatMap((id) => reportOf(id, notes)) },
    notes,
  };
}

/** By a run: those after it, and as many before. By a tag, which is the last one unless it is named: from it on, and from the tag before it. */
async function stretchesOf(runs: readonly StoredRun[], since: string | undefined): Promise<Stretches> {
  const startOf = ({ run }: StoredRun): number => run?.startMs ?? 0;
  const idsOf = (some: readonly StoredRun[]): string[] => some.map(({ id }) => id);
  if (since === undefined) {
    const tag = await lastTag();
    const own = tag === undefined ? [] : runs.filter((each) => startOf(each) > tag.timeMs);
    if (tag !== undefined && own.length > 0) return await sinceMark(runs, tag);
    return { name: 'all stored runs', ids: idsOf(runs), beforeName: 'nothing', beforeIds: [] };
  }
  const index = runs.findLastIndex(({ id }) => id.startsWith(since));
  if (index >= 0) {
    const own = runs.slice(index + 1);
    return {
      name: `since ${since}`,
      ids: idsOf(own),
      beforeName: `the run ${since}`,
      beforeIds: idsOf(runs.slice(Math.max(0, index + 1 - Math.max(1, own.length)), index + 1)),
    };
  }
  const mark = await markAt(since);
  if (mark !== undefined) return await sinceMark(runs, mark);
  throw new SwarmscopeError(
    'RUN_NOT_FOUND',
    `There is no stored run and, in this folder's repository, no tag "${since.slice(0, 60)}". "swarmscope runs" lists the runs.`,
  );

  async function sinceMark(of: readonly StoredRun[], { name, timeMs }: Mark): Promise<Stretches> {
    const earlier = await lastTag(`${name}^`);
    const before = of.filter((each) => startOf(each) <= timeMs && startOf(each) > (earlier?.timeMs ?? -Infinity));
    const beforeName = earlier === undefined ? `before ${name}` : `${earlier.name} to ${name}`;
    return { name: `since ${name}`, ids: idsOf(of.filter((each) => startOf(each) > timeMs)), beforeName, beforeIds: idsOf(before) };
  }
}

/** The part of each run that is this phase, beside the part that is the phase which began before it. */
function phaseOf({ ids }: Stretches, phase: string, notes: string[]): Omit<Chosen, 'notes'> {
  const begun = new Map<string, number>();
  const parts: RunReport[] = [];
  for (const data of ids.flatMap((id) => dataOf(id, notes))) {
    for (const [name, ms] of phasesIn(data)) begun.set(name, Math.min(begun.get(name) ?? Infinity, ms));
    const part = onlyPhase(data, phase);
    if (part !== undefined) parts.push(analyse(part));
  }
  const order = [...begun].sort((a, b) => a[1] - b[1]).map(([name]) => name);
  if (parts.length === 0) {
    const known =
      order.length === 0
        ? 'They tell of no phase.'
        : `They tell of ${order
            .slice(0, 10)
            .map((name) => `"${name}"`)
            .join(', ')}.`;
    throw new SwarmscopeError(
      'RUN_NOT_FOUND',
      `No run has a phase "${phase.slice(0, 60)}". ${known} A program names its phases with withPhase.`,
    );
  }
  const previous = order[order.indexOf(phase) - 1];
  const before = previous === undefined ? [] : ids.flatMap((id) => dataOf(id, [])).flatMap((data) => onlyPhase(data, previous) ?? []);
  return { name: phase, runs: parts, before: { name: previous ?? 'nothing', runs: before.map((data) => analyse(data)) } };
}

const reportOf = (id: string, notes: string[]): RunReport[] => dataOf(id, notes).map((data) => analyse(data));

function dataOf(id: string, notes: string[]): RunData[] {
  try {
    return [readStoredRun(id)];
  } catch (error) {
    if (!(error instanceof SwarmscopeError) && !(error instanceof ViewerError)) throw error;
    notes.push(`The run ${id} cannot be read and is left out.`);
    return [];
  }
}
