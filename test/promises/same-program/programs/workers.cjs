// Worker threads in every form, and every way in which they end.
const { once } = require('node:events');
const { Worker, SHARE_ENV, MessageChannel, receiveMessageOnPort, isMainThread, threadId } = require('node:worker_threads');

async function run(title, source, options = {}, during = () => undefined) {
  const worker = new Worker(source, { eval: true, ...options });
  const events = [];
  for (const name of ['message', 'messageerror', 'error'])
    worker.on(name, (value) => events.push(name, value?.code ?? value?.message ?? value));
  const ended = new Promise((resolve) => worker.on('exit', resolve));
  await during(worker);
  console.log(title, await ended, JSON.stringify(events), worker.threadId);
}

void (async () => {
  console.log(isMainThread, threadId);
  await run('data', 'const t = require("node:worker_threads"); t.parentPort.postMessage({ ...t.workerData, main: t.isMainThread })', {
    workerData: { a: 1 },
  });
  await run('code', 'process.exit(7)');
  await run('throws', 'throw new TypeError("mine")');
  await run('rejects', 'Promise.reject(new Error("mine"))');
  await run(
    'exit handlers',
    'process.on("exit", (code) => { require("node:worker_threads").parentPort.postMessage(["exit", code]); process.exitCode = 9; })',
  );
  await run(
    'terminated',
    'setInterval(() => {}, 1000); require("node:worker_threads").parentPort.postMessage("up")',
    {},
    async (worker) => {
      await once(worker, 'message');
      console.log('terminate', await worker.terminate());
    },
  );
  await run('memory', 'const a = []; for (;;) a.push(new Array(1e5).fill(1.5))', { resourceLimits: { maxOldGenerationSizeMb: 12 } });
  await run('shared', 'process.env.SAME_SHARED = "yes"', { env: SHARE_ENV });
  console.log(process.env.SAME_SHARED);
  await run('own environment', 'require("node:worker_threads").parentPort.postMessage(process.env.PATH ?? "none")', {
    env: { PROGRAM_EXPECTS_PRELOAD: process.env.PROGRAM_EXPECTS_PRELOAD },
  });
  await run(
    'own streams',
    'console.log("out"); console.error("err"); process.stdin.on("data", (d) => console.log(String(d)))',
    { stdin: true, stdout: true, stderr: true },
    async (worker) => {
      worker.stdout.setEncoding('utf8').on('data', (text) => console.log('stdout', JSON.stringify(text)));
      worker.stderr.setEncoding('utf8').on('data', (text) => console.log('stderr', JSON.stringify(text)));
      worker.stdin.end('in');
    },
  );
  const { port1, port2 } = new MessageChannel();
  const buffer = new ArrayBuffer(8);
  await run(
    'transfer',
    'const { workerData: { port, buffer } } = require("node:worker_threads"); port.postMessage(buffer.byteLength); port.close()',
    { workerData: { port: port2, buffer }, transferList: [port2, buffer] },
  );
  console.log(receiveMessageOnPort(port1), buffer.byteLength);
  port1.close();
  await run(
    'nested',
    'const { Worker, parentPort } = require("node:worker_threads"); new Worker("process.exit(3)", { eval: true }).on("exit", (c) => parentPort.postMessage(c))',
  );
  await run('no arguments', 'require("node:worker_threads").parentPort.postMessage(process.argv.slice(2))', {
    argv: ['a'],
    execArgv: [],
    env: {},
  });
})();
