/** What the collector of a pod reads: its files, one over the other, with its variables put in. */
import { basename } from 'node:path';
import { parse } from 'yaml';
import { environmentOf, filesOf, type KubeObject, type Workload } from './objects.ts';

interface Exporter {
  readonly endpoint?: string;
  readonly sending_queue?: { readonly queue_size?: number | string; readonly storage?: string };
}

interface CollectorConfig {
  readonly exporters: Readonly<Record<string, Exporter | null>>;
  readonly service: { readonly pipelines: Readonly<Record<string, { readonly exporters: readonly string[] }>> };
}

const IMAGE = /^otel\/opentelemetry-collector-contrib:/;

export const isCollector = ({ container }: Workload): boolean => IMAGE.test(container.image);

/** The names of the files that `--config` gives, in order, and all that are mounted where they lie. */
export function configFiles(
  objects: readonly KubeObject[],
  { pod, container }: Workload,
): { used: string[]; mounted: Record<string, string> } {
  const used = container.args.map((arg) => {
    const [, path] = /^--config=\/etc\/otelcol\/(.+)$/.exec(arg) ?? [];
    if (path === undefined) throw new Error(`an argument that names no file of /etc/otelcol: ${arg}`);
    return basename(path);
  });
  const { name } = container.volumeMounts.find(({ mountPath }) => mountPath === '/etc/otelcol') ?? {};
  const volume = pod.volumes.find((each) => each.name === name);
  if (volume === undefined) throw new Error('nothing is mounted at /etc/otelcol');
  return { used, mounted: filesOf(objects, volume) };
}

/** The merged configuration of a collector: maps are merged, lists and scalars replaced, as the collector does. */
export function configOf(objects: readonly KubeObject[], workload: Workload): CollectorConfig {
  const { used, mounted } = configFiles(objects, workload);
  const environment = environmentOf(objects, workload.container);
  const files = used.map((name) => parse(withVariables(mounted[name] ?? '', environment), { merge: true }) as unknown);
  return files.reduce(merged, {}) as CollectorConfig;
}

/** Bytes that may wait on the disk of a collector, over all queues that a pipeline feeds. */
export function queueBytes({ exporters, service }: CollectorConfig): number {
  const fed = new Set(Object.values(service.pipelines).flatMap((pipeline) => pipeline.exporters));
  return Object.entries(exporters)
    .filter(([name, exporter]) => fed.has(name) && exporter?.sending_queue?.storage !== undefined)
    .reduce((sum, [, exporter]) => sum + Number(exporter?.sending_queue?.queue_size), 0);
}

/** `${env:NAME:-default}` as the collector reads it. */
function withVariables(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{env:(\w+)(?::-([^}]*))?\}/g, (_, name: string, fallback = '') => environment[name] ?? String(fallback));
}

/** Every variable that a file asks for. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{env:(\w+)/g)].map(([, name = '']) => name);
}

function merged(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above ?? below;
  return Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key) => [key, merged(below[key], above[key])]),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
