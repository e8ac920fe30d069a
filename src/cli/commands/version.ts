/** `swarmscope version`. */
import type { Command } from '../command.ts';

export const version: Command = {
  about: 'Show the version.',
  usage: 'swarmscope version',
  flags: {},
  run() {
    process.stdout.write(`swarmscope ${__SWARMSCOPE_VERSION__}\n`);
    return 0;
  },
};
