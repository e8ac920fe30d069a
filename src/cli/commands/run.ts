/** `swarmscope run`: see `run/`. */
import type { Command, Flags } from '../command.ts';
import { runProgram } from '../run/index.ts';

const flags = {
  export: { type: 'string', value: 'URL', check: 'url', about: 'Also forward everything to this OTLP/HTTP base URL.' },
  json: { type: 'string', value: 'FILE', about: 'Write the report as JSON to FILE.' },
  report: { type: 'string', value: 'FILE', about: 'Write the printed report to FILE instead of standard error.' },
  name: { type: 'string', value: 'NAME', about: 'Name of the run (default: the program).' },
  port: { type: 'string', value: 'N', check: 'port', about: 'Port of the receiver (default: a free one).' },
  'trace-scope': {
    type: 'string',
    value: 'run|task',
    choices: ['run', 'task'],
    about: 'One trace for the whole run (default), or one per task, linked to the run.',
  },
  gateway: { type: 'boolean', about: 'Also see LLM calls of Python, Go, curl: their base URLs lead through a proxy on loopback.' },
  ui: { type: 'boolean', about: 'Serve the local view meanwhile: the swarm, live, in a browser on this machine.' },
  'ui-port': { type: 'string', value: 'N', check: 'port', belongsTo: 'ui', about: 'Port of the view (default: a free one).' },
  open: { type: 'boolean', belongsTo: 'ui', about: 'Open the view in a browser.' },
  notify: {
    type: 'string',
    value: 'COMMAND',
    about: 'Start this shell command line when something goes wrong, and when it is over: JSON on its standard input.',
  },
  quiet: { type: 'boolean', short: 'q', about: 'No live status line.' },
} as const satisfies Flags;

export const run: Command<typeof flags> = {
  about: 'Run a program and see where its time, tokens and money go.',
  usage: 'swarmscope run [flags] -- COMMAND [ARGUMENT...]',
  example: 'swarmscope run -- node swarm.js',
  takesProgram: true,
  flags,
  run({ values, program: [file = '', ...args] }) {
    return runProgram({
      program: [file, ...args],
      exportUrl: values.export,
      jsonFile: values.json,
      reportFile: values.report,
      name: values.name,
      port: values.port === undefined ? undefined : Number(values.port),
      isGateway: values.gateway === true,
      isQuiet: values.quiet === true,
      notify: values.notify,
      traceScope: values['trace-scope'],
      isUi: values.ui === true,
      uiPort: values['ui-port'] === undefined ? undefined : Number(values['ui-port']),
      isOpened: values.open === true,
    });
  },
};
