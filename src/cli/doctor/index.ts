/** `swarmscope doctor`: settings, what is seen, what the last processes recorded, sent and dropped, and the next command to try. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { exportTarget } from '../../config/export-target.ts';
import { cacheFolder, dataFolder, hideCredentials, readSettings, stateFolder, type Settings } from '../../config/settings.ts';
import { table as settingsTable, type SettingName } from '../../config/table.ts';
import { startedWith } from '../../config/started-with.ts';
import * as catalogue from '../../observers/catalogue.ts';
import { readSpool } from '../../otlp/spool/index.ts';
import { readStatusFiles, type ProcessStatus } from '../../sdk/supervisor.ts';
import { listRuns } from '../../viewer/index.ts';
import { output } from '../output.ts';
import { clean, columns } from '../report/style.ts';
import { ATTRIBUTE_SET_LIMIT } from './cardinality.ts';
import { findingLines } from './finding-lines.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './findings.ts';

/** Processes shown one by one. */
const SHOWN = 10;

export function examine(jsonFile: string | undefined): number {
  const settings = readSettings();
  const statuses = readStatusFiles(settings, SHOWN);
  const runs = listRuns(dataFolder(settings)).length;
  const spool = readSpool(settings);
  const findings = findingsOf(settings, statuses, { hasGit: isOnPath('git'), hasGpu: existsSync('/dev/nvidiactl'), runs, spool });
  const data = {
    schemaVersion: 1,
    version: __SWARMSCOPE_VERSION__,
    node: process.versions.node,
    settings: shownSettings(settings),
    folders: foldersOf(settings),
    observers: Object.values(catalogue).map(({ name, watches, how }) => ({ name, watches, road: how })),
    runs,
    spool,
    processes: statuses,
    findings,
  };
  if (jsonFile !== undefined) output(jsonFile, `${JSON.stringify(data, null, 2)}\n`);
  else process.stdout.write(textOf(settings, statuses, findings, runs));
  return findings.some(({ level }) => level === 'problem') ? 1 : 0;
}

function isOnPath(command: string): boolean {
  return (startedWith['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, command)));
}

function shownSettings(settings: Settings): { env: string; value: string }[] {
  return [...settings.given].map((name) => ({ env: settingsTable[name].env, value: shown(settings, name) }));
}

function shown(settings: Settings, name: SettingName): string {
  const row = settingsTable[name];
  if ('isSecret' in row && row.isSecret === true) return '(hidden)';
  const value = settings[name];
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return fromHome(hideCredentials(text));
}

/** `~/.local/share`: what doctor says is pasted into reports, and a home folder names its owner. */
function fromHome(path: string): string {
  const home = homedir();
  return home.length > 1 && path.startsWith(`${home}${sep}`) ? `~${path.slice(home.length)}` : path;
}

function foldersOf(settings: Settings): Record<string, string> {
  const folders = { 'stored runs': dataFolder(settings), 'status files': stateFolder(settings), cache: cacheFolder(settings) };
  return Object.fromEntries(Object.entries(folders).map(([what, folder]) => [what, fromHome(folder)]));
}

function textOf(settings: Settings, statuses: readonly ProcessStatus[], findings: readonly Finding[], runs: number): string {
  const given = shownSettings(settings);
  const target = exportTarget(settings, 'traces');
  const lines = [
    `swarmscope ${__SWARMSCOPE_VERSION__} on Node ${process.versions.node}`,
    '',
    'Settings',
    ...(given.length === 0 ? ['  all defaults'] : columns(given.map(({ env, value }) => [env, value]))),
    ...columns([
      ['traces go to', target.isOff ? 'off' : hideCredentials(target.url)],
      ['content', settings.captureContent === 'on' ? 'CAPTURED' : 'not captured'],
      ['attribute sets', ATTRIBUTE_SET_LIMIT],
    ]),
    '',
    'Folders',
    ...columns(Object.entries(foldersOf(settings))),
    '',
    'What is watched',
    ...columns(Object.values(catalogue).map(({ name, watches }) => [name, watches])),
    '',
    `Last processes (of ${runs} stored ${runs === 1 ? 'run' : 'runs'})`,
    ...(statuses.length === 0 ? ['  none yet'] : columns(statuses.map(processRow))),
    '',
    'Findings',
    ...findingLines(findings),
    '',
  ];
  return `${lines.join('\n')}`;
}

function processRow({ serviceName, pid, node, signals, isEnded }: ProcessStatus): string[] {
  const { recorded, sent, spooled = 0 } = signals.traces;
  const lost = Object.values(signals.traces.dropped).reduce((sum, count) => sum + count, 0);
  return [
    clean(serviceName),
    `pid ${pid}`,
    `node ${node}`,
    `${recorded} spans recorded, ${sent} sent, ${spooled > 0 ? `${spooled} kept on disk, ` : ''}${lost} lost`,
    isEnded ? '' : 'running or killed',
  ];
}
