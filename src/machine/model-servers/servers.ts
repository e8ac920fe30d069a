/** Model servers on this machine: on which port each kind listens, where it tells how full it is, and what of that is read; pure. */

/** What one server tells of itself. What it does not tell is undefined, never 0. */
export interface ServerReading {
  readonly kind: ServerKind;
  /** By model, where it tells so; the name is undefined where it does not. */
  readonly loads: readonly ModelLoad[];
  /** Models in memory; undefined where it does not tell. */
  readonly loaded: readonly LoadedModel[] | undefined;
}

export interface ModelLoad {
  readonly model: string | undefined;
  readonly running: number | undefined;
  readonly waiting: number | undefined;
  /** 0 to 1. */
  readonly kvCache: number | undefined;
  /** Since its start. */
  readonly preemptions: number | undefined;
}

export interface LoadedModel {
  readonly model: string;
  /** GPU memory that it takes. */
  readonly gpuBytes: number | undefined;
}

export type ServerKind = 'vllm' | 'sglang' | 'llama.cpp' | 'lmstudio' | 'ollama';

export interface ServerRow {
  readonly kind: ServerKind;
  /** Where it listens unless it is told otherwise. */
  readonly port: number;
  readonly path: string;
  /** undefined: the answer is of something else. */
  readonly read: (body: string) => Omit<ServerReading, 'kind'> | undefined;
}

/** Names of its metrics; the first that is there counts, since versions differ. */
interface MetricNames {
  readonly prefix: string;
  readonly running: string;
  readonly waiting: string;
  readonly kvCache: readonly string[];
  readonly preemptions: readonly string[];
}

const METRICS: Readonly<Record<'vllm' | 'sglang' | 'llama.cpp', MetricNames>> = {
  vllm: {
    prefix: 'vllm:',
    running: 'num_requests_running',
    waiting: 'num_requests_waiting',
    kvCache: ['kv_cache_usage_perc', 'gpu_cache_usage_perc'],
    preemptions: ['num_preemptions_total', 'num_preemptions'],
  },
  sglang: {
    prefix: 'sglang:',
    running: 'num_running_reqs',
    waiting: 'num_queue_reqs',
    kvCache: ['token_usage'],
    preemptions: ['num_retracted_requests_total'],
  },
  'llama.cpp': {
    prefix: 'llamacpp:',
    running: 'requests_processing',
    waiting: 'requests_deferred',
    kvCache: ['kv_cache_usage_ratio'],
    preemptions: [],
  },
};

/** Asked in this order where the kind is not known. */
export const SERVERS: readonly ServerRow[] = [
  { kind: 'vllm', port: 8_000, path: '/metrics', read: metricsReader(METRICS.vllm) },
  { kind: 'sglang', port: 30_000, path: '/metrics', read: metricsReader(METRICS.sglang) },
  { kind: 'llama.cpp', port: 8_080, path: '/metrics', read: metricsReader(METRICS['llama.cpp']) },
  { kind: 'ollama', port: 11_434, path: '/api/ps', read: readOllama },
  { kind: 'lmstudio', port: 1_234, path: '/api/v1/models', read: readLmStudio },
  { kind: 'lmstudio', port: 1_234, path: '/api/v0/models', read: readLmStudio },
];

/** What the command line of a server names. */
export const PROGRAMS: Readonly<Record<ServerKind, RegExp>> = {
  vllm: /\bvllm\b/i,
  sglang: /\bsglang\b/i,
  'llama.cpp': /\bllama[-_.]?(?:server|cpp)\b/i,
  lmstudio: /\blm[-_ ]?studio\b/i,
  ollama: /\bollama\b/i,
};

/** Models of one server that are told; protects from an answer that is not what we think. */
const MAX_MODELS = 64;

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

function metricsReader(names: MetricNames): ServerRow['read'] {
  return (body) => {
    const samples = samplesIn(body, names.prefix);
    if (samples.length === 0) return undefined;
    const models = [...new Set(samples.map(({ labels }) => labelOf(labels, 'model_name')))].slice(0, MAX_MODELS);
    const loads = models.map((model) => {
      const own = samples.filter(({ labels }) => labelOf(labels, 'model_name') === model);
      return {
        model,
        running: totalOf(own, names.running),
        waiting: totalOf(own, names.waiting),
        kvCache: shareOf(own, names.kvCache),
        preemptions: names.preemptions.map((name) => totalOf(own, name)).find((total) => total !== undefined),
      };
    });
    const known = loads.filter(({ running, waiting }) => running !== undefined || waiting !== undefined);
    return known.length === 0
      ? undefined
      : { loads: known, loaded: known.flatMap(({ model }) => (model === undefined ? [] : [{ model, gpuBytes: undefined }])) };
  };
}

/** Lines of the text format of Prometheus that begin with `prefix`, without it. */
function samplesIn(body: string, prefix: string): Sample[] {
  return body.split('\n').flatMap((line) => {
    if (!line.startsWith(prefix)) return [];
    const [, name = '', labels = '', value = ''] = /^([\w:]+)(?:\{(.*)\})?\s+(\S+)/.exec(line.slice(prefix.length)) ?? [];
    const number = Number(value);
    // Numbers of buckets are many, and none is read.
    return value === '' || !Number.isFinite(number) || number < 0 || name.endsWith('_bucket') ? [] : [{ name, labels, value: number }];
  });
}

function labelOf(labels: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|,)\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1];
  return value?.slice(0, 256);
}

/** Ranks of one engine tell the same requests; engines tell their own. */
function totalOf(samples: readonly Sample[], name: string): number | undefined {
  const byEngine = new Map<string, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const engine = labelOf(sample.labels, 'engine') ?? labelOf(sample.labels, 'dp_rank') ?? '';
    byEngine.set(engine, Math.max(byEngine.get(engine) ?? 0, sample.value));
  }
  return byEngine.size === 0 ? undefined : [...byEngine.values()].reduce((sum, value) => sum + value, 0);
}

/** Of the fullest engine. */
function shareOf(samples: readonly Sample[], names: readonly string[]): number | undefined {
  for (const name of names) {
    const values = samples.flatMap((sample) => (sample.name === name && sample.value <= 1 ? [sample.value] : []));
    if (values.length > 0) return Math.max(...values);
  }
  return undefined;
}

function readOllama(body: string): Omit<ServerReading, 'kind'> | undefined {
  const models = listIn(body, 'models');
  return (
    models && {
      loads: [],
      loaded: models.flatMap(({ name, size_vram: bytes }) =>
        typeof name === 'string'
          ? [{ model: name.slice(0, 256), gpuBytes: typeof bytes === 'number' && bytes >= 0 ? bytes : undefined }]
          : [],
      ),
    }
  );
}

/** The first version lists loaded instances of each model, the one before says whether it is loaded. */
function readLmStudio(body: string): Omit<ServerReading, 'kind'> | undefined {
  const models = listIn(body, 'models') ?? listIn(body, 'data');
  if (models?.some(({ loaded_instances: instances, state }) => Array.isArray(instances) || typeof state === 'string') !== true)
    return undefined;
  const loaded = models.flatMap(({ key, id, loaded_instances: instances, state }) => {
    const model = typeof key === 'string' ? key : id;
    const isLoaded = Array.isArray(instances) ? instances.length > 0 : state === 'loaded';
    return isLoaded && typeof model === 'string' ? [{ model: model.slice(0, 256), gpuBytes: undefined }] : [];
  });
  return { loads: [], loaded };
}

function listIn(body: string, name: string): Record<string, unknown>[] | undefined {
  try {
    const list = (JSON.parse(body) as Record<string, unknown> | null)?.[name];
    if (!Array.isArray(list)) return undefined;
    return list.slice(0, MAX_MODELS).filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null);
  } catch {
    // A page of some other program.
    return undefined;
  }
}
