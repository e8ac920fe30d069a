/** The snapshots of a stored run, by name. */
import { dataFolder } from '../../config/folders.ts';
import { readSettings } from '../../config/settings/index.ts';
import { readRunSnapshots, type StoredSnapshot } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { fromStore } from '../stored.ts';

/** Names that a message lists. */
const MAX_NAMES = 12;

/** By time. @throws SwarmscopeError `RUN_NOT_FOUND`, `STORE` */
export function readSnapshots(run: string): ReturnType<typeof readRunSnapshots> {
  return fromStore(() => readRunSnapshots(dataFolder(readSettings()), run));
}

/** The last one of that name, else the one of that number. @throws SwarmscopeError `SNAPSHOT_NOT_FOUND` */
export function findSnapshot({ id, snapshots }: ReturnType<typeof readSnapshots>, name: string): StoredSnapshot {
  const found = snapshots.findLast((snapshot) => snapshot.name === name) ?? snapshots.find(({ number }) => String(number) === name);
  if (found !== undefined) return found;
  const known = [...new Set(snapshots.map((snapshot) => snapshot.name))];
  const why =
    known.length === 0
      ? `The run ${id} has no snapshots: snapshot('name', state) of the API takes one, and each phase ends with one.`
      : `The run ${id} has no snapshot "${name.slice(0, 60)}". It has: ${known.slice(-MAX_NAMES).join(', ')}. "swarmscope snapshot list" lists them.`;
  throw new SwarmscopeError('SNAPSHOT_NOT_FOUND', why);
}
