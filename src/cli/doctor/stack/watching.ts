/** Checks that Prometheus watches the stack: its flags, its targets, its rules, and that alerts reach Alertmanager. */
import { groups } from '../../../grafana/alerts/index.ts';
import { ask, jsonOf } from './ask.ts';
import { until, type Patience } from './await.ts';
import { note, ok, problem, type StackFinding } from './finding.ts';
import { PART_NAMES, partOf, to, type PartName, type Places } from './parts.ts';

export interface Watching {
  readonly places: Places;
  readonly patience: Patience;
  readonly there: ReadonlySet<PartName>;
}

const ALWAYS_FIRES = 'Watchdog';
const OTLP_FLAG = 'web.enable-otlp-receiver';

/** The flags with which Prometheus was started. Undefined when it does not answer. */
export async function flagsOf(places: Places): Promise<Readonly<Record<string, string>> | undefined> {
  return dataOf(places, '/api/v1/status/flags');
}

export function isOtlpOff(flags: Readonly<Record<string, string>> | undefined): boolean {
  return flags?.[OTLP_FLAG] === 'false';
}

export function ofFlags(flags: Readonly<Record<string, string>> | undefined): StackFinding[] {
  if (flags === undefined) return [note('prometheus', 'it does not tell how it was started')];
  if (isOtlpOff(flags))
    return [problem('prometheus', 'its OTLP receiver is off: nothing that swarms measure arrives', `start it with --${OTLP_FLAG}`)];
  if (!(flags['enable-feature'] ?? '').includes('exemplar-storage'))
    return [note('prometheus', 'it keeps no exemplars: no panel leads to a trace', 'start it with --enable-feature=exemplar-storage')];
  return [];
}

interface Target {
  readonly health: string;
  readonly lastError: string;
  readonly scrapeUrl: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Checks that each program of the stack is scraped and answers. */
export async function ofTargets({ places, patience, there }: Watching): Promise<StackFinding[]> {
  const jobs = PART_NAMES.flatMap((name) => {
    const { job, title } = partOf(name);
    // Where Grafana does not run, its target is down, and that is no problem.
    return job === undefined || (name === 'grafana' && !there.has(name)) ? [] : [{ job, title }];
  });
  const jobOf = ({ labels }: Target): string => labels['job'] ?? '';
  const targets = await until(
    patience,
    async () => (await dataOf<{ activeTargets: Target[] }>(places, '/api/v1/targets?state=active'))?.activeTargets,
    // After a start, Prometheus finds its targets within seconds and scrapes them within one interval.
    (found) => found === undefined || jobs.every(({ job }) => found.some((target) => jobOf(target) === job && target.health !== 'unknown')),
  );
  if (targets === undefined) return [note('targets', 'Prometheus does not tell what it scrapes')];
  const findings = jobs.flatMap(({ job, title }) => {
    const own = targets.filter((target) => jobOf(target) === job);
    if (own.length === 0)
      return [
        problem('targets', `Prometheus does not scrape ${title} (job ${job})`, 'add the job to prometheus.yml, as the repository has it'),
      ];
    return own
      .filter(({ health }) => health !== 'up')
      .map(({ health, lastError, scrapeUrl }) =>
        problem(
          'targets',
          `Prometheus cannot scrape ${job}: ${lastError === '' ? health : lastError}`,
          `Prometheus, not you, must reach ${scrapeUrl}`,
        ),
      );
  });
  return findings.length > 0
    ? findings
    : [ok('targets', `Prometheus scrapes all ${jobs.length} programs (${jobs.map(({ job }) => job).join(', ')})`)];
}

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

/** Checks that every alert of this version is loaded and can be evaluated. */
export async function ofRules({ places }: Watching): Promise<StackFinding[]> {
  const loaded = (await dataOf<{ groups: { rules: Rule[] }[] | null }>(places, '/api/v1/rules'))?.groups?.flatMap(({ rules }) => rules);
  if (loaded === undefined) return [note('rules', 'Prometheus does not tell its rules')];
  const names = new Set(loaded.map(({ name }) => name));
  const wanted = groups.flatMap(({ alerts }) => alerts.map(({ name }) => name));
  const absent = wanted.filter((name) => !names.has(name));
  const failing = loaded.filter(({ health }) => health === 'err');
  return [
    ...(absent.length === 0
      ? [ok('rules', `all ${wanted.length} alerts of this version are loaded, ${loaded.length} rules in all`)]
      : [
          problem(
            'rules',
            `${absent.length} of ${wanted.length} alerts are not loaded (${some(absent)})`,
            'mount prometheus/rules of this version, then docker compose restart prometheus',
          ),
        ]),
    ...failing.map(({ name, lastError = '' }) =>
      problem('rules', `${name} cannot be evaluated: ${lastError}`, 'docker compose logs prometheus'),
    ),
  ];
}

interface Alert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Checks that the alert which always fires has reached Alertmanager, and notes which other alerts fire. */
export async function ofAlerting({ places, patience, there }: Watching): Promise<StackFinding[]> {
  const known = (await dataOf<{ activeAlertmanagers: unknown[] }>(places, '/api/v1/alertmanagers'))?.activeAlertmanagers;
  if (known?.length === 0)
    return [
      problem(
        'alerting',
        'Prometheus knows no Alertmanager: alerts fire and nobody hears',
        'add it under alerting in prometheus.yml, as the repository has it',
      ),
    ];
  const firing = await until(
    patience,
    () => firingOf(places),
    (alerts) => alerts === undefined || alerts.some(({ labels }) => labels['alertname'] === ALWAYS_FIRES),
  );
  if (firing === undefined) return [note('alerting', 'Prometheus does not tell its alerts')];
  const others = firing.filter(({ labels }) => labels['alertname'] !== ALWAYS_FIRES).map(toNote);
  if (others.length === firing.length)
    return [
      problem(
        'alerting',
        `${ALWAYS_FIRES} does not fire in Prometheus after ${patience.seconds} s: rules are not evaluated`,
        'docker compose logs prometheus',
      ),
      ...others,
    ];
  if (!there.has('alertmanager')) return [note('alerting', `${ALWAYS_FIRES} fires in Prometheus; Alertmanager cannot be asked`), ...others];
  const heard = await until(
    patience,
    () => ask(to('alertmanager', places, `/api/v2/alerts?filter=${encodeURIComponent(`alertname="${ALWAYS_FIRES}"`)}`)),
    (answer) => answer.status !== 200 || (jsonOf<unknown[]>(answer)?.length ?? 0) > 0,
  );
  if ((jsonOf<unknown[]>(heard)?.length ?? 0) === 0)
    return [
      problem(
        'alerting',
        `${ALWAYS_FIRES} fires in Prometheus and is not in Alertmanager after ${patience.seconds} s`,
        'within a minute of a start, ask again: Prometheus repeats an alert each minute; later, docker compose logs prometheus',
      ),
      ...others,
    ];
  return [ok('alerting', `${ALWAYS_FIRES} fires and has reached Alertmanager`), ...others];
}

async function firingOf(places: Places): Promise<Alert[] | undefined> {
  // The querier of Thanos says null where it was given no rules.
  return (await dataOf<{ alerts: Alert[] | null }>(places, '/api/v1/alerts'))?.alerts?.filter(({ state }) => state === 'firing');
}

function toNote({ labels, annotations }: Alert): StackFinding {
  const name = labels['alertname'] ?? 'an alert';
  return note(
    'alerting',
    `${name} fires: ${annotations['summary'] ?? ''}`,
    annotations['runbook_url'] === undefined ? undefined : `read ${annotations['runbook_url']}`,
  );
}

async function dataOf<Data>(places: Places, path: string): Promise<Data | undefined> {
  return jsonOf<{ data?: Data }>(await ask(to('prometheus', places, path)))?.data;
}

function some(names: readonly string[]): string {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`;
}
