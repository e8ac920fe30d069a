/** Reads the environment once into typed settings; a bad value is noted with what was expected and what came. */
import { isAbsolute } from 'node:path';
import { isAtEndpoint } from '../run-environment/own-endpoint.ts';
import type { Row } from './table.ts';
import { table, type SettingName } from './table.ts';

type Values = { readonly [Name in SettingName]: (typeof table)[Name] extends Row<infer T> ? T : never };

export interface SettingProblem {
  readonly env: string;
  readonly expected: string;
  readonly received: string;
}

export interface Settings extends Values {
  /** HOME; empty where it is given and no absolute path, undefined where it is not given: then the system is asked. */
  readonly home: string | undefined;
  readonly given: ReadonlySet<SettingName>;
  readonly problems: readonly SettingProblem[];
}

export type Signal = 'traces' | 'metrics' | 'logs';

/** Parses `environment`. Never throws: a bad value falls back to the default and is listed in `problems`. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const values: Record<string, unknown> = {};
  const given = new Set<SettingName>();
  const problems: SettingProblem[] = [];
  for (const name of Object.keys(table) as SettingName[]) {
    const row = table[name] as Row<unknown>;
    const raw = environment[row.env]?.trim() ?? '';
    values[name] = row.fallback;
    // What the root of a run told everybody is no endpoint that the user named.
    if (raw === '' || (name === 'endpoint' && isAtEndpoint(raw, environment[table.ownEndpoint.env]))) continue;
    const parsed = row.parser.parse(raw);
    if (parsed === undefined)
      problems.push({ env: row.env, expected: row.parser.expected, received: row.isSecret === true ? '(hidden)' : shown(raw) });
    else {
      values[name] = parsed;
      given.add(name);
    }
  }
  problems.push(...unknownSettings(environment), ...oddTemporaryFolder(environment));
  return { ...(values as Values), home: homeIn(environment), given, problems };
}

function homeIn({ HOME }: NodeJS.ProcessEnv): string | undefined {
  if (HOME === undefined || process.platform === 'win32') return undefined;
  return isAbsolute(HOME) ? HOME : '';
}

function oddTemporaryFolder({ TMPDIR = '' }: NodeJS.ProcessEnv): SettingProblem[] {
  return TMPDIR === '' || isAbsolute(TMPDIR) ? [] : [{ env: 'TMPDIR', expected: 'an absolute path', received: shown(TMPDIR) }];
}

/** What came, short, without what may be a credential. */
function shown(raw: string): string {
  return hideCredentials(raw).slice(0, 120);
}

/** A URL as it may be shown: its user, password and query may hold a token. Other text stays as it is. */
export function hideCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/\s]*@/g, '//***@').replaceAll(/(:\/\/[^\s?#]*)[?#]\S*/g, '$1?***');
}

/** What a process of a run is told beside settings. */
const HANDED_ON = ['SWARMSCOPE_CLOCK', 'SWARMSCOPE_TRACEPARENT'];

/** Variables that look like ours but are not: most likely a typo. */
function unknownSettings(environment: NodeJS.ProcessEnv): SettingProblem[] {
  const known = new Set<string>([...Object.values(table).map((row) => row.env), ...HANDED_ON]);
  return Object.keys(environment)
    .filter((name) => name.startsWith('SWARMSCOPE_') && !known.has(name))
    .map((name) => ({ env: name, expected: 'a known setting (swarmscope doctor lists them)', received: 'an unknown name' }));
}
