/** `swarmscope doctor --stack`: asks each program of the stack and sends one span, point and log record through it. */
import { hostname } from 'node:os';
import { readSettings, type Settings } from '../../../config/settings/index.ts';
import { readNamed } from '../../../config/small-file.ts';
import { createMarks, type Marks } from '../../../viewer/index.ts';
import { output } from '../../output.ts';
import { print, warn } from '../../streams.ts';
import { ofSettings } from '../findings/index.ts';
import { patienceOf, type Patience } from './await.ts';
import { problem, type StackFinding } from './finding.ts';
import { enterGrafana } from './behind-grafana.ts';
import { ofDoors } from './doors.ts';
import { readPassword } from './password.ts';
import { askedOf, placesOf, placesOfCollectors, type PartName, type Places } from './parts.ts';
import { probe } from './probe.ts';
import { sendAndFind } from './sent.ts';
import { dataOf, shown, textOf } from './text.ts';
import { flagsOf, isOtlpOff, ofAlerting, ofFlags, ofRules, ofTargets } from './watching.ts';

export interface StackQuestion {
  /** URLs by flag; the collector's is the argument of `--stack`, else `SWARMSCOPE_EXPORT`. */
  readonly urls: Readonly<Partial<Record<PartName, string | undefined>>>;
  /** Where the counters of each collector are: of two tiers, more than one. */
  readonly collectors: readonly string[];
  /** With the password of Grafana, and of parts whose URL names a user alone. Undefined: the usual one, if it is there. */
  readonly passwordFile: string | undefined;
  /** Of Tempo and the metrics store; undefined: they have one. */
  readonly tenant: string | undefined;
  readonly waitSeconds: number;
  readonly jsonFile: string | undefined;
}

/** A check that takes longer than this says that it is waiting. */
const QUIET_MS = 2_000;

export async function examineStack({ urls, collectors, passwordFile, tenant, waitSeconds, jsonFile }: StackQuestion): Promise<number> {
  const settings = readSettings();
  const places = placesOf({ ...urls, collector: urls.collector ?? settings.exportUrl }, tenant, collectors);
  const hasEveryDigit = collectors.length > 1;
  const marks = createMarks({ nowMs: Date.now(), host: hostname(), version: __SWARMSCOPE_VERSION__, hasEveryDigit });
  const patience = patienceOf(waitSeconds);
  const timer = setTimeout(() => warn(`waiting for the stack, at most ${waitSeconds} s`), QUIET_MS);
  const checked = await check({ settings, places, passwordFile, marks, patience }).finally(() => clearTimeout(timer));
  const findings = checked.findings.map(shown);
  if (jsonFile !== undefined)
    await output(
      jsonFile,
      `${JSON.stringify(dataOf(checked.places, marks, findings), null, 2)}
`,
    );
  else await print(textOf(checked.places, marks, findings));
  return findings.some(({ level }) => level === 'problem') ? 1 : 0;
}

interface Check {
  readonly settings: Settings;
  readonly places: Places;
  readonly passwordFile: string | undefined;
  readonly marks: Marks;
  readonly patience: Patience;
}

async function check({
  settings,
  places: given,
  passwordFile,
  marks,
  patience,
}: Check): Promise<{ places: Places; findings: StackFinding[] }> {
  const findings: StackFinding[] = ofSettings(settings).map((finding) => ({ subject: 'settings', ...finding }));
  if (!areReadable([settings.certificate, settings.clientCertificate, settings.clientKey]))
    return {
      places: given,
      findings: [
        ...findings,
        problem(
          'settings',
          'a file of OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE or _CLIENT_KEY cannot be read',
          'name files that exist',
        ),
      ],
    };
  const password = readPassword(passwordFile);
  const { places, findings: ofGrafana, closed } = await enterGrafana(given, password);
  const asked = askedOf(places).filter((name) => name !== 'collector' && name !== 'grafana');
  const probing = asked.flatMap((name) =>
    (name === 'collectorTelemetry' ? placesOfCollectors(places) : [places]).map(async (at) => ({
      name,
      ...(await probe(name, at, patience, closed.has(name))),
    })),
  );
  const probed = await Promise.all(probing);
  const there = new Set<PartName>(asked.filter((name) => probed.every((each) => each.name !== name || each.isThere)));
  if (ofGrafana[0]?.level === 'ok') there.add('grafana');
  const flags = there.has('prometheus') ? await flagsOf(places) : undefined;
  const watching = { places, patience, there };
  const doors = ofDoors(given);
  const [sent, ...watched] = await Promise.all([
    sendAndFind({ marks, places, patience, headers: settings.headers, tls: settings, there, isOtlpOff: isOtlpOff(flags) }),
    ...(there.has('prometheus') ? [ofTargets(watching), ofRules(watching), ofAlerting(watching)] : []),
  ]);
  const collector = sent.filter(({ subject }) => subject === 'collector');
  return {
    places,
    findings: [
      ...findings,
      ...password.findings,
      ...collector,
      ...probed.map(({ finding }) => finding),
      ...ofGrafana,
      ...(there.has('prometheus') ? ofFlags(flags) : []),
      ...sent.filter(({ subject }) => subject !== 'collector'),
      ...watched.flat(),
      ...(await doors),
    ],
  };
}

function areReadable(files: readonly string[]): boolean {
  try {
    for (const file of files) if (file !== '') readNamed(file);
    return true;
  } catch {
    // ENOENT, EACCES.
    return false;
  }
}
