/** `swarmscope snapshot`: how the processes of a run stood at some moment, and what changed between two of them. */
import { jsonFlag, type Command, type Flags } from '../command.ts';
import { SwarmscopeError } from '../errors.ts';
import { output } from '../output.ts';
import { compareSnapshots } from '../snapshot/compare.ts';
import { findSnapshot, readSnapshots } from '../snapshot/read.ts';
import { diffText, listText, snapshotJson, snapshotText } from '../snapshot/text.ts';
import { print } from '../streams.ts';

const flags = {
  run: { type: 'string', value: 'ID', about: 'The run (default: the last one).' },
  json: jsonFlag('snapshots'),
} as const satisfies Flags;

/** How many names each of them takes. */
const ACTIONS: Readonly<Record<string, number>> = { list: 0, show: 1, diff: 2 };

export const snapshot: Command<typeof flags> = {
  about: 'Show how a run stood when it took a snapshot, or compare two: what ran, was open, spent and planned, and the state it kept.',
  usage: 'swarmscope snapshot list | show NAME | diff NAME NAME [flags]',
  example: 'swarmscope snapshot diff before-review after-review',
  positionals: [{}, {}, {}],
  flags,
  async run({ values: { run = 'latest', json }, positionals: [action = 'list', ...given] }) {
    const expected = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (expected === undefined) throw usageError(`expected list, show or diff, received ${JSON.stringify(action.slice(0, 40))}`);
    if (given.length !== expected) throw usageError(`${action} takes ${expected} names, received ${given.length}`);
    const stored = readSnapshots(run);
    const [one, other] = given.map((name) => findSnapshot(stored, name));
    const show = async (text: string, data: object): Promise<number> => {
      if (json === undefined) await print(text);
      else await output(json, `${JSON.stringify({ schemaVersion: 1, run: stored.id, ...data }, null, 2)}\n`);
      return 0;
    };
    if (one === undefined) return await show(listText(stored.snapshots), { snapshots: stored.snapshots.map(snapshotJson) });
    if (other === undefined) return await show(snapshotText(one), snapshotJson(one));
    const diff = compareSnapshots(one, other);
    const side = ({ number, name, timeMs }: typeof one): object => ({ number, name, time: new Date(timeMs).toISOString(), timeMs });
    return await show(diffText(one, other, diff), { from: side(one), to: side(other), ...diff });
  },
};

function usageError(why: string): SwarmscopeError {
  return new SwarmscopeError('USAGE', `swarmscope snapshot: ${why}\nUsage: ${snapshot.usage}\nMore: swarmscope help snapshot`);
}
