/** `swarmscope gateway`: see `run/gateway-alone.ts`. */
import type { Command, Flags } from '../command.ts';
import { runGatewayAlone } from '../run/gateway-alone.ts';

const flags = {
  port: { type: 'string', value: 'N', check: 'port', about: 'Port of the gateway (default: a free one).' },
  export: { type: 'string', value: 'URL', check: 'url', about: 'Also forward everything to this OTLP/HTTP base URL.' },
  json: { type: 'string', value: 'FILE', about: 'Write the report as JSON to FILE.' },
  report: { type: 'string', value: 'FILE', about: 'Write the printed report to FILE instead of standard error.' },
  name: { type: 'string', value: 'NAME', about: 'Name of the run (default: gateway).' },
  quiet: { type: 'boolean', short: 'q', about: 'No live status line.' },
} as const satisfies Flags;

export const gateway: Command<typeof flags> = {
  about: 'See LLM calls of programs that are started elsewhere.',
  usage: 'swarmscope gateway [flags]',
  example: 'swarmscope gateway --port 4319',
  flags,
  run({ values }) {
    return runGatewayAlone({
      gatewayPort: values.port === undefined ? undefined : Number(values.port),
      exportUrl: values.export,
      jsonFile: values.json,
      reportFile: values.report,
      name: values.name,
      isQuiet: values.quiet === true,
    });
  },
};
