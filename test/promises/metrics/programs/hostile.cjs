// Names made of data: far more task types, tools, pools, queues and models than a metric may tell apart. Arguments: how
// many names, how many models.
// The root only starts a member that does it all, so that what crosses between them is as large.
const { execFileSync, fork } = require('node:child_process');
const { existsSync } = require('node:fs');
const { withAgent, withBatch, withPhase, withRun, withTask, withTool, wait, trackPool, trackQueue } = require(process.env.API_DOOR);

const [names, models, isMember] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4] === 'member'];
/** The product tracks 1,000. */
const heldAtOnce = 1_000;
const lanes = 20;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function ask(model) {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'go' }] });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer test', connection: 'close' };
  await (await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, { method: 'POST', headers, body })).text();
}

async function manyModels() {
  let next = 0;
  const lane = async () => {
    while (next < models) await ask(`model-${next++}`);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function manyNames() {
  for (let first = 0; first < names; first += heldAtOnce) {
    const tracked = [];
    for (let index = first; index < Math.min(names, first + heldAtOnce); index++) {
      const type = `type-${index}`;
      await withTask({ type, queue: `queue-${index}`, pool: `pool-${index}` }, () => withTool(`tool-${index}`, () => 1));
      tracked.push(
        trackQueue({ name: `queue-${index}`, size: () => 1 }),
        trackPool({ name: `pool-${index}`, active: () => 1, limit: () => 2 }),
      );
    }
    // Gauges are read at a collection, sent at the next and exported at a third: of the last ones the test says when.
    if (first + heldAtOnce < names) await sleep(1_100);
    else while (!existsSync(process.env.SHOWN_FILE)) await sleep(50);
    for (const each of tracked) each.stop();
  }
}

/** One of everything, for the walk over what metrics carry. */
async function everything() {
  // Longer than any name.
  await withTask('x'.repeat(100_000), () => 1);
  await withRun('walk', () =>
    withPhase('only', () =>
      withBatch('walker', () =>
        withAgent('walker', () => withTask({ type: 'walk', id: 'canary-task-id' }, () => wait('lock', () => sleep(1)))),
      ),
    ),
  );
  execFileSync('git', ['init', '--quiet', 'canary-folder'], { stdio: 'ignore' });
}

if (isMember) void everything().then(manyModels).then(manyNames);
else fork(__filename, [...process.argv.slice(2), 'member']);
