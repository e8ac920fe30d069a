/** What `doctor --stack` prints, and its JSON. */
import { withoutSecrets } from '../../../config/settings/shown.ts';
import type { Marks } from '../../../viewer/index.ts';
import { clean } from '../../printable.ts';
import { columns } from '../../report/index.ts';
import { findingLines } from '../finding.ts';
import type { StackFinding, Subject } from './finding.ts';
import { askedOf, PARTS, type PartName, type Places } from './parts.ts';

/** Messages of other programs are cut to this length. */
const MAX_TEXT = 600;

/** A finding as it may be shown: other programs wrote parts of its text, and a URL may hold a password. */
export function shown({ text, next, ...rest }: StackFinding): StackFinding {
  const safe = (words: string): string => clean(withoutSecrets(words), MAX_TEXT);
  return { ...rest, text: safe(text), ...(next === undefined ? {} : { next: safe(next) }) };
}

const TITLES: Readonly<Record<Exclude<Subject, PartName>, string>> = {
  span: 'Marked span',
  point: 'Marked point',
  log: 'Marked log record',
  tiers: 'Two tiers',
  targets: 'Targets',
  rules: 'Rules',
  alerting: 'Alerting',
  doors: 'Doors',
  settings: 'Settings',
};

function titleOf(subject: Subject): string {
  return subject in PARTS ? PARTS[subject as PartName].title : TITLES[subject as Exclude<Subject, PartName>];
}

function shownUrls(places: Places): [PartName, string][] {
  const urlsOf = (name: PartName): readonly string[] =>
    name === 'collectorTelemetry' && places.collectors.length > 1 ? places.collectors : [places.urls[name]];
  return askedOf(places).map((name) => [name, urlsOf(name).map(withoutSecrets).join(' ')]);
}

export function dataOf(places: Places, { traceId, value }: Marks, findings: readonly StackFinding[]): unknown {
  return {
    schemaVersion: 1,
    version: __SWARMSCOPE_VERSION__,
    node: process.versions.node,
    stack: Object.fromEntries(shownUrls(places)),
    marks: { traceId, value },
    findings,
  };
}

export function textOf(places: Places, { traceId }: Marks, findings: readonly StackFinding[]): string {
  const lines = [
    `swarmscope ${__SWARMSCOPE_VERSION__} on Node ${process.versions.node}`,
    '',
    'The stack',
    ...columns([...shownUrls(places).map(([name, url]) => [PARTS[name].title, clean(url, MAX_TEXT)]), ['Marked trace', traceId]]),
    '',
    'Findings',
    ...findingLines(findings.map(({ subject, text, ...rest }) => ({ ...rest, text: `${titleOf(subject)}: ${text}` }))),
    '',
  ];
  return lines.join('\n');
}
