// A root whose members outlive it, or a member. Argument: role. Files in STAGE are the conversation with the test: a
// member waits for `go`.
const { spawn, fork } = require('node:child_process');
const { existsSync, readdirSync, unlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');
const { withTask } = require(process.env.API_DOOR);

const stage = process.env.STAGE;
const tell = (name) => writeFileSync(join(stage, name), '');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const told = async (name) => {
  while (!existsSync(join(stage, name))) await sleep(25);
};
const ask = async () => {
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'go' }] });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer test', connection: 'close' };
  await (await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, { method: 'POST', headers, body })).text();
};
const work = async (calls) => {
  for (let index = 0; index < calls; index++) await withTask('unit', ask);
};
// Their output is ours, so that whoever reads it learns when the last of the family has ended.
const member = (role, options = {}) => spawn(process.execPath, [__filename, role], { stdio: 'inherit', detached: true, ...options });
const ended = (child) => new Promise((resolve) => child.once('exit', resolve));

const roles = {
  /** Ends by the signal that the test sends, or by process.exit() when told. */
  async root() {
    await work(2);
    for (const role of ['outliving', 'outliving', 'outliving']) member(role);
    await ended(member('short'));
    tell('short-ended');
    await told('leave');
    process.exit(0);
  },
  /** The same, without a call of its own: what it has exported is nothing. */
  async silent() {
    member('outliving');
    await Promise.all(Array.from({ length: 4 }, () => ended(member('short'))));
    tell('short-ended');
    await told('leave');
  },
  short: () => work(3),
  async outliving() {
    await work(2);
    tell(`told-${process.pid}`);
    await told('go');
    await work(2);
    await Promise.all(Array.from({ length: 3 }, () => ended(member('short'))));
  },
  /** Something cleaned the temporary folder before its first word: the root's socket has no name any more. */
  async cut() {
    unlinkSync(join(process.env.SWARMSCOPE_RUN_DIR, 'channel.sock'));
    await work(2);
    await sleep(3_500);
    await work(2);
  },
  async withCut() {
    await work(1);
    await ended(member('cut', { detached: false }));
    await ended(member('short', { detached: false }));
  },
  async plain() {
    await work(1);
    await Promise.all(Array.from({ length: 3 }, () => ended(fork(__filename, ['short']))));
  },
  /** Two threads before the run has a folder, a child, one thread after. */
  async threads() {
    const thread = () => new Promise((resolve) => new Worker(__filename, { argv: ['short'] }).once('exit', resolve));
    const early = [thread(), thread()];
    await early[0];
    await work(1);
    await ended(fork(__filename, ['short']));
    await Promise.all([...early, thread()]);
  },
  /** The main thread records nothing at all. */
  async onlyThreads() {
    await Promise.all(
      Array.from({ length: 3 }, () => new Promise((resolve) => new Worker(__filename, { argv: ['short'] }).once('exit', resolve))),
    );
  },
  /** Another run inside this one. */
  async nested() {
    await work(1);
    await ended(
      spawn(
        process.execPath,
        [process.env.COMMAND, 'run', '--quiet', '--export', process.env.INNER, '--', process.execPath, __filename, 'plain'],
        { stdio: 'ignore' },
      ),
    );
    await work(1);
    process.stdout.write(JSON.stringify(readdirSync(stage)));
  },
};

void roles[process.argv[2]]();
