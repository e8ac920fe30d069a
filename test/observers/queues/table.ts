/** Queues and pools that are watched, library by library: what their tests run and what docs/frameworks.md says. */

export interface LibraryRow {
  readonly library: string;
  /** As `npm` installs them in `project/`: the folder, and the version that lies in it. */
  readonly versions: Readonly<Record<string, string>>;
  readonly systems: readonly ('CommonJS' | 'ES module')[];
  /** What is a task. */
  readonly task: string;
  /** What has the gauges. */
  readonly pool: string;
  /** What is known of a task besides its time, result and wait in the queue. */
  readonly also: readonly ('attempt' | 'priority' | 'batch')[];
  /** What is not seen, or otherwise than in other libraries. */
  readonly limits?: string;
}

const P_LIMIT: LibraryRow = {
  library: 'p-limit',
  versions: { 'p-limit-3': '3.1.0', 'p-limit-4': '4.0.0', 'p-limit-5': '5.0.0', 'p-limit-6': '6.2.0', 'p-limit': '7.3.3' },
  systems: ['CommonJS', 'ES module'],
  task: 'each function given to a limiter, to its `map`, or to `limitFunction`',
  pool: 'a limiter',
  also: ['attempt', 'batch'],
  limits: 'a function made by `limitFunction` is named after the function that calls it',
};

const FASTQ: LibraryRow = {
  library: 'fastq',
  versions: { fastq: '1.20.3' },
  systems: ['CommonJS', 'ES module'],
  task: 'each value that is pushed, to a queue of callbacks or of promises',
  pool: 'a queue',
  also: ['attempt', 'batch'],
  limits: 'an attempt is counted where the value is an object',
};

const ASYNC: LibraryRow = {
  library: 'async',
  versions: { 'async-2': '2.6.4', async: '3.2.6' },
  systems: ['CommonJS', 'ES module'],
  task: 'each value that is pushed to a `queue` or a `priorityQueue`, each item of `map`, `each` and `eachOf`, each function of `parallel`, also with `Limit` and `Series`',
  pool: 'a queue; all calls that are under way',
  also: ['attempt', 'priority', 'batch'],
  limits:
    'an attempt is counted where the value is an object; `async/queue` and `async.mjs`, loaded by their own paths, `cargo` and the other functions for collections are not seen',
};

const P_MAP: LibraryRow = {
  library: 'p-map',
  versions: { 'p-map-6': '6.0.0', 'p-map': '7.1.1' },
  systems: ['ES module', 'CommonJS'],
  task: 'each item of a `pMap`',
  pool: 'all calls that are under way',
  also: ['batch'],
  limits:
    'items of anything but an array are known when their turn comes, without a wait; `pMapIterable`, `pMapSettled` and the keyed forms are not seen',
};

const P_ALL: LibraryRow = {
  library: 'p-all',
  versions: { 'p-all-4': '4.0.0', 'p-all': '5.0.1' },
  systems: ['ES module'],
  task: 'each function of a list',
  pool: 'all calls that are under way',
  also: ['batch'],
  limits: 'lists that are no arrays are not seen',
};

const BOTTLENECK: LibraryRow = {
  library: 'bottleneck',
  versions: { bottleneck: '2.19.5' },
  systems: ['CommonJS', 'ES module'],
  task: 'each function given to `schedule`, or made by `wrap`',
  pool: 'a limiter; its limit is `maxConcurrent`',
  also: ['attempt', 'priority', 'batch'],
  limits:
    '`submit`, `bottleneck/es5` and `bottleneck/light` are not seen; time that a job waits for `minTime` or a reservoir is wait in the queue',
};

const PISCINA: LibraryRow = {
  library: 'piscina',
  versions: { 'piscina-4': '4.9.2', piscina: '5.3.2' },
  systems: ['CommonJS', 'ES module'],
  task: 'each task that is run, named after its handler, else after the file that exports it; its work in the thread hangs below it',
  pool: 'a pool of threads; its limit is `maxThreads` times the tasks per thread',
  also: ['batch'],
  limits: 'a task that waits and is given up by an `EventEmitter` instead of an `AbortSignal` is shown as waiting until the pool ends',
};

const TINYPOOL: LibraryRow = {
  ...PISCINA,
  library: 'tinypool',
  versions: { 'tinypool-1': '1.1.1', tinypool: '2.2.0' },
  systems: ['ES module'],
  pool: 'a pool of threads or of processes; its limit is `maxThreads` times the tasks per thread',
};

const WORKERPOOL: LibraryRow = {
  library: 'workerpool',
  versions: { 'workerpool-9': '9.3.4', workerpool: '10.0.3' },
  systems: ['CommonJS', 'ES module'],
  task: 'each method or function that is executed; its work in the worker hangs below it',
  pool: 'a pool of threads or of processes; its limit is `maxWorkers`',
  also: ['batch'],
  limits: 'the files in `dist/`, loaded by their own paths, are not seen',
};

const BULLMQ: LibraryRow = {
  library: 'bullmq',
  versions: { 'bullmq-5': '5.81.5', bullmq: '6.7.0' },
  systems: ['CommonJS', 'ES module'],
  task: 'each attempt of a job, named after the job, else after its queue: below who added it in the same trace, else linked to that',
  pool: 'a worker, named after its queue; its limit is `concurrency`',
  also: ['attempt', 'priority', 'batch'],
  limits:
    'a batch is what a job of a flow waits for, and is seen by the process that works on that job; the size of a queue is in Redis and is not asked for; jobs carry a `traceparent` in the member that bullmq has for telemetry; a processor in a file of its own hangs below the task that started its process',
};

const BULL: LibraryRow = {
  ...BULLMQ,
  library: 'bull',
  versions: { 'bull-3': '3.29.3', bull: '4.16.5' },
  also: ['attempt', 'priority'],
  pool: 'a queue that is worked on; its limit is the sum of what `process` was given',
  limits:
    'the size of a queue is in Redis and is not asked for; jobs carry a `traceparent` in their options; a processor in a file of its own hangs below the task that started its process',
};

export const TABLE: readonly LibraryRow[] = [P_LIMIT, P_MAP, P_ALL, FASTQ, ASYNC, BOTTLENECK, PISCINA, TINYPOOL, WORKERPOOL, BULLMQ, BULL];
