/** What a process knows of a preload that it did not choose: by NODE_OPTIONS, from the process that started it. */
import { readPrivate } from './small-file.ts';

/** The property of `globalThis` that holds the run's folder; its presence says that the preload was inherited. */
export const INHERITED = 'swarmscope.inherited.1';
/** In the run's folder: a line for each Node process that could not load the preload. */
export const UNSEEN_FILE = 'unseen';
/** In the run's folder: the variables of the run, for processes whose environment was emptied on the way. */
export const ENVIRONMENT_FILE = 'environment.json';

/** Protects the start of a program from a huge file in its place. */
const MAX_BYTES = 16_384;

type Environment = Readonly<Record<string, string | undefined>>;

const ENDPOINTS = [
  'SWARMSCOPE_ENDPOINT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
];

/** The folder of the run that handed the preload on (it may be gone); undefined in a program that chose the preload. */
function inheritedRunFolder(): string | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for(INHERITED)] as string | undefined;
}

/** `environment` with what was lost of the run's own variables (`env -i`, turbo's strict mode, systemd). */
export function withLostVariables(environment: Environment): Environment {
  const folder = inheritedRunFolder();
  if (folder === undefined || folder === '' || (isNamed(environment) && isGiven(environment, 'SWARMSCOPE_RUN_ID'))) return environment;
  const told = readTold(`${folder}/${ENVIRONMENT_FILE}`);
  if (told === undefined) return environment;
  const lost = Object.entries({ ...told, SWARMSCOPE_RUN_DIR: folder }).filter(
    ([name]) => !isGiven(environment, name) && !(ENDPOINTS.includes(name) && isNamed(environment)),
  );
  return { ...environment, ...Object.fromEntries(lost) };
}

/** Nobody named an endpoint to a process that only inherited the preload: it sends nothing anywhere. */
export function hasNoReceiver(environment: Environment): boolean {
  return inheritedRunFolder() !== undefined && !isNamed(environment);
}

const isGiven = (environment: Environment, name: string): boolean => (environment[name] ?? '') !== '';
const isNamed = (environment: Environment): boolean => ENDPOINTS.some((name) => isGiven(environment, name));

/** What the root wrote; undefined where the run is over, or its folder is not to be seen from here. */
function readTold(path: string): Record<string, string> | undefined {
  const text = readPrivate(path, MAX_BYTES)?.toString('utf8');
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, string>);
  } catch {
    // Cut off by a full disk.
    return undefined;
  }
}
