/**
 * A swarm: a planner, a queue of four lanes, workers in processes and worktrees of their own, merges between the
 * supersteps.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import { endChildren, endOnSignals, watched } from './children.mjs';
import { alone, commitAll, createRepository, git } from './git.mjs';
import { note, now, timed } from './log.mjs';
import { converse } from './models.mjs';
import { firstFiles, sheets } from './script.mjs';

const lanes = 4;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const base = mkdtempSync(join(resolve(tmpdir()), 'swarm-'));
const repository = join(base, 'shop');
const queue = new PQueue({ concurrency: lanes });
const free = Array.from({ length: lanes }, (_, index) => `worker-${index + 1}`);
const planner = { worker: 'planner' };
let models;

endOnSignals((signal) => {
  console.log(`stopped by ${signal}`);
  removeFolder();
});

try {
  const started = performance.now();
  await startModels();
  await prepare();
  const plan = await makePlan();
  for (const [index, tasks] of plan.supersteps.entries()) {
    console.log(`superstep ${index + 1}: ${tasks.map(({ id }) => id).join(', ')}`);
    await timed({ kind: 'superstep', name: `superstep ${index + 1}`, tasks: tasks.length }, () => queue.addAll(tasks.map(jobOf)));
    for (const task of tasks) await merge(task, plan.resolver);
  }
  const commits = await git(repository, ['rev-list', '--count', 'HEAD']);
  console.log(
    `all done in ${((performance.now() - started) / 1_000).toFixed(1)} s: ${plan.supersteps.flat().length} tasks, ${commits} commits on main`,
  );
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  queue.clear();
  // Let go, the model server ends by itself.
  if (models?.connected) models.disconnect();
  await endChildren();
  removeFolder();
  note({ kind: 'run', name: 'swarm', start: performance.timeOrigin, end: now() });
}

/** The models run beside us, so that answering costs the swarm no time. */
async function startModels() {
  models = fork(here('model-server.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ url }] = await Promise.race([
    once(models, 'message'),
    once(models, 'exit').then(([code]) => Promise.reject(new Error(`the model server ended with ${code}`))),
  ]);
  Object.assign(process.env, { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'none', ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'none' });
}

async function prepare() {
  mkdirSync(repository);
  await createRepository(repository);
  for (const [name, content] of Object.entries({ ...firstFiles, ...sheets })) {
    mkdirSync(dirname(join(repository, name)), { recursive: true });
    writeFileSync(join(repository, name), content);
  }
  await commitAll(repository, 'first files', planner);
}

async function makePlan() {
  const text = await converse({
    vendor: 'openai',
    model: 'gpt-5.5',
    system: 'You plan the work of a small team. Answer in JSON.',
    request: 'Task plan: a small shop, in three supersteps.',
    who: planner,
  });
  const plan = JSON.parse(text);
  console.log(`plan: ${plan.supersteps.flat().length} tasks in ${plan.supersteps.length} supersteps, ${lanes} lanes`);
  return plan;
}

/** A named function for each kind of work, as queues like them. */
function jobOf(task) {
  const jobs = {
    async implement() {
      await inWorktree(task);
    },
    async document() {
      await inWorktree(task);
    },
    async review() {
      await inWorktree(task);
    },
    async resolve() {
      await onLane(task, () => repository);
    },
  };
  return jobs[task.kind];
}

async function inWorktree(task) {
  const folder = join(base, task.id);
  await onLane(task, async (who) => {
    await alone(() => git(repository, ['worktree', 'add', '--quiet', '-b', `task/${task.id}`, folder, 'main'], who));
    return folder;
  });
}

/** Does a task on a free lane, in the folder that `prepareFolder` makes. */
async function onLane(task, prepareFolder) {
  const worker = free.shift();
  const who = { worker, task: task.id };
  const start = performance.now();
  await timed({ kind: 'task', name: task.kind, ...who }, async () => {
    const folder = await prepareFolder(who);
    await work(task, worker, folder);
  });
  free.push(worker);
  console.log(`  ${worker} ${task.kind} ${task.id}: ${((performance.now() - start) / 1_000).toFixed(1)} s`);
}

/** A worker is a process in its worktree. Some are forked, some are spawned, as in real life. */
async function work(task, worker, cwd) {
  const argument = JSON.stringify({ task, worker });
  const start = now();
  const stdio = ['ignore', 'pipe', 'inherit'];
  const child = watched(
    task.vendor === 'openai'
      ? fork(here('worker.mjs'), [argument], { cwd, stdio: [...stdio, 'ipc'] })
      : spawn(process.execPath, [here('worker.mjs'), argument], { cwd, stdio }),
  );
  child.once('exit', () => note({ kind: 'worker', name: task.kind, worker, task: task.id, child: child.pid, start, end: now() }));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`the worker of ${task.id} ended with ${code ?? signal}`);
  return JSON.parse(output.trim().split('\n').at(-1)).summary;
}

/** Brings a finished branch to main; a conflict becomes a task of its own. */
async function merge(task, resolver) {
  try {
    await git(repository, ['merge', '--quiet', '--no-edit', '--no-ff', `task/${task.id}`], planner);
  } catch {
    console.log(`  conflict in task/${task.id}`);
    await queue.add(jobOf(resolver));
  }
  await git(repository, ['worktree', 'remove', '--force', join(base, task.id)], planner);
}

function removeFolder() {
  rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
