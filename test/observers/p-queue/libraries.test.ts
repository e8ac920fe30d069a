/** Real libraries that have a p-queue inside, beside the program's own queue: theirs are looked through. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { expectTrace, freshFolder, runProgram, startModels, startSink, type Models } from '../../harness/index.ts';
import { closeAtEnd } from '../../harness/close-at-end.ts';
import { installProject } from '../../harness/install-project.ts';
import { metricPointsOf, spansOf } from '../../harness/received.ts';

let packages: string;
let models: Models;
let slackUrl: string;
beforeAll(async () => {
  packages = join(
    installProject({ project: join(import.meta.dirname, 'libraries'), into: 'queue-libraries/', name: 'the libraries' }),
    'node_modules',
  );
  models = await startModels();
  const slack = createServer((_, response) => response.setHeader('content-type', 'application/json').end('{"ok":true}'));
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
  closeAtEnd(() => void slack.close());
  slackUrl = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/`;
});

/** One model for all, which asks one question at a time: the queue of LangChain starts the second from the first. */
const WORK = `
import { ChatOpenAI } from '@langchain/openai';
import { WebClient } from '@slack/web-api';
import PQueue from 'p-queue';
const model = new ChatOpenAI({ model: 'gpt-4o', maxConcurrency: 1, maxRetries: 0, configuration: { baseURL: process.env.OPENAI_BASE_URL } });
const slack = new WebClient('xoxb-test', { slackApiUrl: process.env.SLACK_URL, maxRequestConcurrency: 1 });
const work = async (text) => {
  const answer = await model.invoke(text);
  await slack.chat.postMessage({ channel: 'c', text: answer.content });
  return answer.content;
};
`;
const SWARM = `${WORK}
const queue = new PQueue({ concurrency: 2 });
const [first, second] = await Promise.all([queue.add(async function plan() { return work('a'); }), queue.add(async function review() { return work('b'); })]);
console.log(first, second, await work('c'));
`;

/** A fresh folder with these files, beside the packages. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = freshFolder('libraries');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function seenOf(file: string) {
  const sink = await startSink();
  const env = { ...models.env, SLACK_URL: slackUrl, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' };
  const result = await runProgram({ file, env });
  await sink.close();
  return { result, spans: spansOf(sink), points: metricPointsOf(sink) };
}

/** At `app.mjs`, as most programs lie, and as npx and `npm install -g` start one. */
const PLACES: readonly [string, string, (folder: string) => string][] = [
  [
    'a program beside its packages',
    'app.mjs',
    (folder) => {
      symlinkSync(packages, join(folder, 'node_modules'));
      return join(folder, 'app.mjs');
    },
  ],
  [
    'a program that is a package',
    'node_modules/my-swarm/app.mjs',
    (folder) => {
      for (const name of ['@langchain', '@slack', 'p-queue']) symlinkSync(join(packages, name), join(folder, 'node_modules', name));
      const link = join(folder, 'my-swarm');
      symlinkSync(join(folder, 'node_modules/my-swarm/app.mjs'), link);
      return link;
    },
  ],
];

test.each(PLACES)(
  'LangChain and Slack’s client in %s: all tasks are those of its own queue, and each call hangs below its own task',
  async (_title, file, placed) => {
    const { result, spans, points } = await seenOf(placed(folderWith({ [file]: SWARM })));
    expect(result).toMatchObject({ code: 0, stdout: 'pong pong pong\n', stderr: '' });
    const call = { name: 'chat gpt-4o' };
    expectTrace(
      spans,
      { name: 'run_batch p-queue' },
      { name: 'run_task plan', children: [call] },
      { name: 'run_task review', children: [call] },
      call,
    );
    expect(spans).toHaveLength(6);
    expect([...new Set(points.flatMap(({ attributes }) => attributes['swarmscope.pool.name'] ?? []))]).toEqual(['p-queue']);
  },
);
