/** What `doctor` prints. */
import { exportTarget } from '../../config/settings/export-target.ts';
import type { Settings } from '../../config/settings/index.ts';
import { withoutSecrets } from '../../config/settings/shown.ts';
import * as catalogue from '../../observers/catalogue.ts';
import type { ProcessStatus } from '../../sdk/supervisor.ts';
import { clean } from '../printable.ts';
import { columns } from '../report/index.ts';
import { findingLines, type Finding } from './finding.ts';
import { ATTRIBUTE_SET_LIMIT } from './findings/index.ts';
import { policyRows, type policiesOf } from './policies.ts';
import { shownFolders, shownSettings } from './shown.ts';

/** Longest value of a setting, path or URL on one line. */
const MAX_VALUE = 500;

export interface DoctorFacts {
  readonly settings: Settings;
  readonly statuses: readonly ProcessStatus[];
  readonly policies: ReturnType<typeof policiesOf>;
  readonly findings: readonly Finding[];
  /** Stored runs. */
  readonly runs: number;
}

export function textOf({ settings, statuses, policies, findings, runs }: DoctorFacts): string {
  const given = shownSettings(settings);
  const target = exportTarget(settings, 'traces');
  const lines = [
    `swarmscope ${__SWARMSCOPE_VERSION__} on Node ${process.versions.node}`,
    '',
    'Settings',
    ...(given.length === 0 ? ['  all defaults'] : columns(given.map(({ env, value }) => [env, clean(value, MAX_VALUE)]))),
    ...columns([
      ['traces go to', target.isOff ? 'off' : clean(withoutSecrets(target.url), MAX_VALUE)],
      ['content', settings.captureContent !== 'off' ? `CAPTURED (${settings.captureContent})` : 'not captured'],
      ['attribute sets', ATTRIBUTE_SET_LIMIT],
    ]),
    '',
    'Folders',
    ...columns(Object.entries(shownFolders(settings)).map(([what, folder]) => [what, clean(folder, MAX_VALUE)])),
    '',
    'What is watched',
    ...columns(Object.values(catalogue).map(({ name, watches }) => [name, watches])),
    '',
    `Last processes (of ${runs} stored ${runs === 1 ? 'run' : 'runs'})`,
    ...(statuses.length === 0 ? ['  none yet'] : columns(statuses.map(processRow))),
    '',
    ...(policies.length === 0 ? [] : ['Policies in force, by the processes that run', ...columns(policyRows(policies)), '']),
    'Libraries that they loaded and that are known (one inside a bundle is not: name its functions in swarmscope.config.json)',
    ...libraryRows(statuses),
    '',
    'Findings',
    ...findingLines(findings),
    '',
  ];
  return lines.join('\n');
}

/** What each way means for whoever reads it. */
const ROADS = {
  native: 'by what it publishes itself',
  channel: 'by a diagnostics channel',
  shadow: 'by shadows on its functions',
  trace2: 'by Trace2',
};

function libraryRows(statuses: readonly ProcessStatus[]): string[] {
  const rows = new Map<string, string[]>();
  for (const { libraries = [], observers } of statuses) {
    for (const { name, version, observer } of libraries) {
      const known = Object.values(catalogue).find((each) => each.name === observer);
      const status = Object.hasOwn(observers, observer) ? observers[observer] : undefined;
      const how = status?.isOn === false ? `not observed: ${status.why}` : ROADS[known?.how ?? 'shadow'];
      rows.set(`${name} ${version}`, [clean(name), clean(version), clean(how)]);
    }
  }
  return rows.size === 0 ? ['  none'] : columns([...rows.values()].sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

function processRow({ serviceName, pid, node, signals, isEnded }: ProcessStatus): string[] {
  const { recorded, sent, spooled = 0 } = signals.traces;
  const lost = Object.values(signals.traces.dropped).reduce((sum, count) => sum + count, 0);
  return [
    clean(serviceName),
    `pid ${pid}`,
    `node ${clean(String(node))}`,
    `${recorded} spans recorded, ${sent} sent, ${spooled > 0 ? `${spooled} kept on disk, ` : ''}${lost} lost`,
    isEnded ? '' : 'running or killed',
  ];
}
