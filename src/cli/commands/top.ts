/** `swarmscope top`: see `top/`. */
import { jsonFlag, type Command, type Flags } from '../command.ts';
import { showTop } from '../top/index.ts';

const DEFAULT_SECONDS = 2;

const flags = {
  once: { type: 'boolean', about: 'Print the table once (default where standard output is no terminal).' },
  json: jsonFlag('agents'),
  interval: { type: 'string', value: 'SECONDS', check: 'seconds', about: `Seconds between two looks (default: ${DEFAULT_SECONDS}).` },
} as const satisfies Flags;

export const top: Command<typeof flags> = {
  about: 'Show the agents that run on this machine, whoever started them.',
  usage: 'swarmscope top [flags]',
  example: 'swarmscope top --once',
  flags,
  run({ values: { once, json, interval } }) {
    const seconds = interval === undefined ? DEFAULT_SECONDS : Number(interval);
    return showTop({ isOnce: once === true, json, intervalMs: Math.max(1, seconds) * 1_000 });
  },
};
