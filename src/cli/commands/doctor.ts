/** `swarmscope doctor`: see `doctor/`, and `doctor/stack/` for `--stack`. */
import { jsonFlag, type Command, type CommandLine, type Flag, type Flags } from '../command.ts';
import { examine } from '../doctor/index.ts';
import { examineStack, type StackQuestion } from '../doctor/stack/index.ts';
import { PART_NAMES, partOf } from '../doctor/stack/parts.ts';
import { PASSWORD_FILE } from '../doctor/stack/password.ts';

/** `--prometheus URL` and so on: where a part of the stack is, if not where compose puts it. A URL may name a user, as `http://USER@HOST:PORT`. */
const partFlags: Flags = Object.fromEntries(
  PART_NAMES.flatMap((part): [string, Flag][] => {
    const { flag, url, source, isAskedWhenNamed } = partOf(part);
    const usual = source !== undefined ? 'through Grafana' : isAskedWhenNamed === true ? 'Prometheus is asked' : url;
    const about = `With --stack: ${flag?.about ?? ''} (default: ${usual}).`;
    if (flag === undefined) return [];
    const { name, isRepeatable = false } = flag;
    return [[name, { type: 'string', value: 'URL', check: 'url', belongsTo: 'stack', about, isRepeatable }]];
  }),
);

/** A Tempo that has just started is ready after fifteen seconds, and a rule is evaluated after as many. */
const WAIT_SECONDS = 30;

const flags = {
  stack: {
    type: 'boolean',
    about: 'Send a span, a point and a log record through the stack and find them again; URL is the OTLP/HTTP base URL of the collector.',
  },
  ...partFlags,
  'password-file': {
    type: 'string',
    value: 'FILE',
    belongsTo: 'stack',
    about: `With --stack: the password of Grafana's user admin, and of each part whose URL names a user (default: ${PASSWORD_FILE}, if it is here).`,
  },
  tenant: {
    type: 'string',
    value: 'NAME',
    belongsTo: 'stack',
    about: 'With --stack: the tenant of Tempo and of the metrics store whose data is looked for (default: they have one).',
  },
  wait: {
    type: 'string',
    value: 'SECONDS',
    check: 'seconds',
    belongsTo: 'stack',
    about: `With --stack: the longest wait for what was sent (default: ${WAIT_SECONDS}).`,
  },
  json: jsonFlag('findings'),
} satisfies Flags;

export const doctor: Command<typeof flags> = {
  about: 'Show settings, what was seen, and what to try next.',
  usage: 'swarmscope doctor [flags]\n       swarmscope doctor --stack [URL] [flags]',
  example: 'swarmscope doctor --stack http://localhost:4318',
  positionals: [{ check: 'url', belongsTo: 'stack' }],
  flags,
  run({ values, positionals: [collector] }) {
    const { stack, json, tenant, wait = WAIT_SECONDS, 'password-file': passwordFile } = values;
    if (stack !== true) return examine(json);
    const given: CommandLine['values'] = values;
    const urlsOf = (flag = ''): string[] => [given[flag] ?? []].flat().map(String);
    const urls: StackQuestion['urls'] = Object.fromEntries(
      PART_NAMES.map((part) => [part, part === 'collector' ? collector : urlsOf(partOf(part).flag?.name)[0]]),
    );
    const collectors = urlsOf(partOf('collectorTelemetry').flag?.name);
    return examineStack({ urls, collectors, passwordFile, tenant, waitSeconds: Number(wait), jsonFile: json });
  },
};
