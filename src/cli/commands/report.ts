/** `swarmscope report`: the report of a stored run. */
import { analyse, type RunData } from '../../analysis/index.ts';
import { dataFolder } from '../../config/folders.ts';
import { readSettings } from '../../config/settings/index.ts';
import { GROUPINGS, type Grouping } from '../../sessions/index.ts';
import { readRun, ViewerError } from '../../viewer/index.ts';
import { readAbandoned } from '../abandoned.ts';
import { jsonFlag, type Command, type Flags } from '../command.ts';
import { SwarmscopeError } from '../errors.ts';
import { importFiles } from '../import/index.ts';
import { reportLocal } from '../local/index.ts';
import { output } from '../output.ts';
import { deliver } from '../report/deliver.ts';
import { renderJson, terminalStyle } from '../report/index.ts';
import { print } from '../streams.ts';

const flags = {
  json: jsonFlag('report'),
  report: { type: 'string', value: 'FILE', about: 'Write the printed report to FILE (- is standard output, also beside --json).' },
  import: {
    type: 'string',
    value: 'FILE...',
    isRepeatable: true,
    about: 'Read OTLP from files or folders instead (.json .jsonl .ndjson .pb, also .gz .zst; - is standard input).',
  },
  local: { type: 'boolean', about: 'Add up the session files of the agents on this machine instead.' },
  since: { type: 'string', value: '7d', belongsTo: 'local', about: 'Only what came after: 30m, 24h, 7d, 2w, or a day (2026-11-01).' },
  by: {
    type: 'string',
    value: GROUPINGS.join('|'),
    choices: GROUPINGS,
    belongsTo: 'local',
    about: 'What is added up (default: dir).',
  },
} as const satisfies Flags;

export const report: Command<typeof flags> = {
  about: 'Print the report of a stored run (default: the last one), or of what agents wrote down themselves.',
  usage: 'swarmscope report [RUN] [flags]',
  example: 'swarmscope report --import traces.jsonl logs.jsonl --json -',
  positionals: [{}],
  rest: { of: 'import' },
  flags,
  async run({ values: { json, report: reportFile, import: files, local, since, by }, positionals }) {
    if (local === true) {
      await reportLocal({ since, by: by as Grouping | undefined, json });
      return 0;
    }
    const found = analyse(files === undefined ? read(positionals[0] ?? 'latest') : await importFiles([...files, ...positionals]));
    if (json !== undefined && reportFile === undefined) {
      await output(json, renderJson(found));
      return 0;
    }
    const screen = { style: terminalStyle(process.stdout), write: print };
    return (await deliver(found, { jsonFile: json, reportFile }, screen)) ? 0 : 1;
  },
};

function read(runId: string): RunData {
  const folder = dataFolder(readSettings());
  readAbandoned(folder);
  try {
    return readRun(folder, runId);
  } catch (cause) {
    if (cause instanceof ViewerError)
      throw new SwarmscopeError(cause.code === 'run_not_found' ? 'RUN_NOT_FOUND' : 'STORE', cause.message, { cause });
    throw cause;
  }
}
