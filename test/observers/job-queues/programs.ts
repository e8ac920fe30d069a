// The programs of these tests: one library's queue, filled and worked on, in one process or in two.
import { pathToFileURL } from 'node:url';
import { api } from '../../e2e/programs.ts';

/** Prints what an app sees, in an order that does not depend on the pace of the workers. */
const START = `
const { withTask } = require(${api});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (...what) => console.log(JSON.stringify(what));
const redis = { host: '127.0.0.1', port: Number(process.env.REDIS_PORT) };
const prefix = process.env.REDIS_PREFIX;
const tries = new Map();
async function work(job) {
  await sleep(5);
  withTask('inner', () => undefined);
  const attempt = (tries.get(job.id) ?? 0) + 1;
  tries.set(job.id, attempt);
  if (job.data.fails >= attempt) throw new RangeError('not yet');
  return job.data.n + 10;
}
const jobs = [
  { name: 'implement', data: { n: 1, fails: 1 }, opts: { attempts: 2, priority: 3, jobId: 'first' } },
  { name: 'implement', data: { n: 2 }, opts: { jobId: 'second' } },
  { name: 'review', data: { n: 3 }, opts: { jobId: 'third' } },
];
`;

const BULLMQ = `
const open = () => new library.Queue('tickets', { connection: redis, prefix });
async function add(queue) {
  const [first, ...rest] = jobs;
  const made = [await queue.add(first.name, first.data, first.opts), ...await queue.addBulk(rest)];
  say(made.map(({ id, name, data }) => [id, name, data]), queue.add.name, queue.add.length);
  const flows = new library.FlowProducer({ connection: redis, prefix });
  const children = [5, 6].map((n) => ({ name: 'part', queueName: 'tickets', data: { n }, opts: { jobId: 'part ' + n } }));
  await flows.add({ name: 'merge', queueName: 'tickets', data: { n: 4 }, opts: { jobId: 'fourth' }, children });
  await flows.close();
}
async function consume() {
  const results = [];
  await new Promise((resolve) => {
    const worker = new library.Worker('tickets', work, { connection: redis, prefix, concurrency: 2 });
    const end = (line) => { results.push(line); if (results.length === 7) resolve(worker.close()); };
    worker.on('completed', (job, result) => end([job.id, 'done', result, job.attemptsMade]));
    worker.on('failed', (job, error) => end([job.id, error.message, job.attemptsMade]));
  });
  say(results.map((each) => JSON.stringify(each)).sort());
}
`;

const BULL = `
const open = () => new library('tickets', { redis, prefix });
async function add(queue) {
  const [first, ...rest] = jobs;
  const made = [await queue.add(first.name, first.data, first.opts), ...await queue.addBulk(rest)];
  say(made.map(({ id, name, data }) => [id, name, data]), queue.add.name, queue.add.length);
  await queue.add({ n: 4 }, { jobId: 'fourth' });
}
async function consume() {
  const results = [];
  await new Promise((resolve) => {
    const queue = open();
    const end = (line) => { results.push(line); if (results.length === 5) resolve(queue.close()); };
    queue.on('completed', (job, result) => end([job.id, 'done', result, job.attemptsMade]));
    queue.on('failed', (job, error) => end([job.id, error.message, job.attemptsMade]));
    queue.process('implement', 2, work);
    queue.process('review', function (job, done) { work(job).then((result) => done(null, result), done); });
    queue.process(async function merge(job) { return work(job); });
  });
  say(results.map((each) => JSON.stringify(each)).sort());
}
`;

const MAIN = {
  both: 'const queue = open(); withTask("plan", () => add(queue)).then(consume).then(() => queue.close());',
  producer: 'const queue = open(); withTask("plan", () => add(queue)).then(() => queue.close());',
  worker: 'consume();',
};

/** @param path Of the library's folder. */
export function programOf(path: string, library: 'bull' | 'bullmq', part: keyof typeof MAIN): string {
  return `const library = require(${JSON.stringify(path)});${START}${library === 'bull' ? BULL : BULLMQ}${MAIN[part]}`;
}

/** The same in one process as an ES module. @param file That `import` of the library loads. */
export function moduleOf(file: string, library: 'bull' | 'bullmq'): string {
  const head = `import { createRequire } from 'node:module';
import * as loaded from ${JSON.stringify(pathToFileURL(file).href)};
const require = createRequire(import.meta.url), library = loaded.default ?? loaded;`;
  return `${head}${START}${library === 'bull' ? BULL : BULLMQ}${MAIN.both}`;
}
