/** `swarmscope report`: the report of a stored run. */
import { findFacts, reportOf } from '../../analysis/index.ts';
import { GROUPINGS, type Grouping } from '../../sessions/index.ts';
import { failOnFlag, readConditions, readSide, showComparison, sideOfReport } from '../compare/index.ts';
import { jsonFlag, type Command, type Flags } from '../command.ts';
import { importRun } from '../import/index.ts';
import { reportLocal } from '../local/index.ts';
import { output } from '../output.ts';
import { deliver } from '../report/deliver.ts';
import { assertFolder, writeHtml } from '../report/html.ts';
import { renderJson, terminalStyle } from '../report/index.ts';
import { readStoredRun } from '../stored.ts';
import { print } from '../streams.ts';

const flags = {
  json: jsonFlag('report'),
  report: { type: 'string', value: 'FILE', about: 'Write the printed report to FILE (- is standard output, also beside --json).' },
  html: { type: 'string', value: 'FILE', about: 'Write the run as one page, with its data inside, to FILE.' },
  import: {
    type: 'string',
    value: 'FILE...',
    isRepeatable: true,
    about: 'Read OTLP from files or folders instead (.json .jsonl .ndjson .pb, also .gz .zst; - is standard input).',
  },
  tempo: { type: 'string', value: 'URL', check: 'url', about: 'Read traces of a Tempo instead: of the run, by --trace or by --query.' },
  tenant: { type: 'string', value: 'NAME', belongsTo: 'tempo', about: 'Whose traces, where Tempo keeps those of several apart.' },
  trace: {
    type: 'string',
    value: 'ID',
    isRepeatable: true,
    belongsTo: 'tempo',
    about: 'The trace with this id; may be given several times.',
  },
  query: { type: 'string', value: 'TRACEQL', belongsTo: 'tempo', about: 'The traces of the last week that TraceQL finds.' },
  against: { type: 'string', value: 'RUN|FILE', about: 'Compare with another run, or with the JSON file of a report.' },
  'fail-on': { ...failOnFlag, belongsTo: 'against' },
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
  async run({
    values: { json, report: reportFile, html, import: files, tempo, tenant, trace, query, against, 'fail-on': failOn, local, since, by },
    positionals,
  }) {
    if (local === true) {
      await reportLocal({ since, by: by as Grouping | undefined, json });
      return 0;
    }
    if (html !== undefined) assertFolder(html);
    const conditions = readConditions(failOn);
    const isRecord = files !== undefined || tempo !== undefined;
    const facts = findFacts(
      isRecord
        ? await importRun({
            ...(files === undefined ? { files: [], run: positionals[0] } : { files: [...files, ...positionals] }),
            ...{ tempo, tenant, traces: trace, query },
          })
        : readStoredRun(positionals[0] ?? 'latest'),
    );
    const found = reportOf(facts);
    if (html !== undefined) {
      writeHtml(html, facts, found, isRecord);
      if (json === undefined && reportFile === undefined && against === undefined) return 0;
    }
    if (against !== undefined)
      return await showComparison({ before: readSide(against), after: sideOfReport(found), conditions, json, reportFile });
    if (json !== undefined && reportFile === undefined) {
      await output(json, renderJson(found));
      return 0;
    }
    const screen = { style: terminalStyle(process.stdout), write: print };
    return (await deliver(found, { jsonFile: json, reportFile }, screen)) ? 0 : 1;
  },
};
