/** `swarmscope ui`: see `ui/`. */
import type { Command, Flags } from '../command.ts';
import { serveRuns } from '../ui/index.ts';

const flags = {
  'ui-port': { type: 'string', value: 'N', check: 'port', about: 'Port of the page (default: a free one).' },
  open: { type: 'boolean', about: 'Open the page in a browser.' },
} as const satisfies Flags;

export const ui: Command<typeof flags> = {
  about: 'Look at stored runs in a browser, on this machine alone.',
  usage: 'swarmscope ui [RUN] [flags]',
  example: 'swarmscope ui latest --open',
  positionals: [{}],
  flags,
  run({ values, positionals: [run] }) {
    return serveRuns({
      run,
      port: values['ui-port'] === undefined ? undefined : Number(values['ui-port']),
      isOpened: values.open === true,
    });
  },
};
