/** `swarmscope version`. */
import type { Command } from '../command.ts';
import { print } from '../streams.ts';

export const version: Command = {
  about: 'Show the version.',
  usage: 'swarmscope version',
  flags: {},
  async run() {
    await print(`swarmscope ${__SWARMSCOPE_VERSION__}\n`);
    return 0;
  },
};
