/** A process of a run: joins it, counts `tokens`, obeys one command per line on stdin, answers one JSON line each. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readSettings } from '../../../src/config/settings/index.ts';
import { joinRun } from '../../../src/root/index.ts';
import { numbers, snapshot, valuesOf } from '../snapshots.ts';

const link = joinRun({ settings: readSettings() });
const processKey = `${process.pid}-${Math.random()}`;
let sequence = 0;
let tokens = Number(process.argv[2] ?? 0);
const now = () => ({
  ...snapshot(processKey, ++sequence, numbers('counter', 'tokens', { a: tokens }), numbers('updowncounter', 'alive', { a: 1 })),
  pid: process.pid,
});
const answer = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
const merged = (isFinal: boolean) => {
  const own = link.offer(now(), isFinal);
  own?.onExported?.();
  return own === undefined ? null : { tokens: valuesOf(own.metrics, 'tokens')?.['a'], alive: valuesOf(own.metrics, 'alive')?.['a'] };
};

const commands: Record<string, (value: number) => unknown> = {
  role: () => ({
    environment: link.environment(),
    role: link.role,
    runId: link.runId,
    folder: link.runFolder ?? null,
    members: link.memberCount(),
  }),
  add: (value) => (tokens += value),
  offer: () => merged(false),
  last: () => merged(true),
  /** Ends when `value` short processes, four at once, that count 7 each, have ended. */
  async swarm(value) {
    const environment = { ...process.env, ...link.environment() };
    let started = 0;
    const lane = async (): Promise<void> => {
      while (started++ < value) {
        await new Promise((done) =>
          spawn(process.execPath, [...process.execArgv, process.argv[1]!, '7', 'once'], { env: environment, stdio: 'ignore' }).on(
            'exit',
            done,
          ),
        );
      }
    };
    await Promise.all(Array.from({ length: 4 }, lane));
    return 'ended';
  },
  end: () => {
    link.close();
    process.exit(0);
  },
};

if (process.argv[3] === 'once') {
  process.once('exit', () => {
    if (merged(true) !== null) process.exitCode = 3;
    merged(true);
  });
} else {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [name = '', value = '0'] = line.split(' ');
    void Promise.resolve(commands[name]?.(Number(value))).then((result) => answer(result ?? null));
  });
}
