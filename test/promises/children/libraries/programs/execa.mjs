// Cases of execa: each gives what a caller can see of the result.
import { execa, execaNode, execaSync } from 'execa';
import { node, program, repository } from './fixtures.mjs';

/** What a caller sees of a result or of an error, without times. */
function seen(result) {
  const { command, escapedCommand, exitCode, signal, signalDescription, code, shortMessage, stdout, stderr, all, failed, stdio } = result;
  const { timedOut, isCanceled, isGracefullyCanceled, isTerminated, isMaxBuffer, isForcefullyTerminated } = result;
  const states = { failed, timedOut, isCanceled, isGracefullyCanceled, isTerminated, isMaxBuffer, isForcefullyTerminated };
  return { command, escapedCommand, exitCode, signal, signalDescription, code, shortMessage, stdout, stderr, all, stdio, states };
}

const failing = (promise) => promise.then(() => 'did not fail', seen);

export const cases = {
  'output and arguments': async () =>
    seen(await execa(node, ['-e', 'console.log(process.argv.slice(1)); console.error("e")', '--', 'a b', '"'])),
  'an exit code': () => failing(execa(node, ['-e', 'console.log("before"); process.exit(3)'], { all: true })),
  'no such program': () => failing(execa('no-such-program', ['a'])),
  'a timeout': () => failing(execa('sleep', ['60'], { timeout: 300 })),
  'a signal': () => {
    const child = execa('sleep', ['60']);
    child.kill('SIGINT');
    return failing(child);
  },
  'a cancelled call': () => {
    const controller = new AbortController();
    const child = execa('sleep', ['60'], { cancelSignal: controller.signal });
    controller.abort(new Error('enough'));
    return failing(child);
  },
  'too much output': () => failing(execa(node, ['-e', 'console.log("x".repeat(1000)); setTimeout(() => {}, 60000)'], { maxBuffer: 10 })),
  'input, and a pipe of two': async () => seen(await execa({ input: 'one\ntwo\n' })`cat`.pipe`tr a-z A-Z`),
  'lines, one by one': async () => {
    const lines = [];
    for await (const line of execa`printf ${'1\\n2\\n3\\n'}`) lines.push(line);
    return lines;
  },
  'a transform': async () => {
    const transform = function* (line) {
      yield `<${line}>`;
    };
    return seen(await execa('printf', ['1\n2\n'], { stdout: transform }));
  },
  'messages both ways': async () => {
    const child = execaNode(program('child.mjs'), { ipc: true, reject: false });
    await child.sendMessage({ ask: 1 });
    const answer = await child.getOneMessage();
    return { answer, end: seen(await child) };
  },
  'a script by its nodeOptions': async () => seen(await execaNode(program('child.mjs'), ['plain'], { nodeOptions: ['--no-warnings'] })),
  'an environment of its own': async () =>
    seen(await execa('sh', ['-c', 'echo "$OWN,$API"'], { extendEnv: false, env: { OWN: '1', PATH: process.env.PATH } })),
  'a shell text': async () => seen(await execa('echo $((1+1)) && false || echo no', { shell: true })),
  sync: () => seen(execaSync(node, ['-p', '6*7'])),
  'sync with an exit code': () => seen(execaSync('sh', ['-c', 'exit 5'], { reject: false })),
  git: async () => {
    const git = execa({ cwd: repository(), reject: false });
    const results = [
      await git`git status --short --branch`,
      await git`git rev-parse --verify no-such-branch`,
      await git`git commit --allow-empty -m one -q`,
    ];
    return results.map(seen);
  },
};
