// Cases of zx: each gives what a caller can see of the result.
import { $, cd, nothrow, ProcessOutput, retry, within } from 'zx';
import { node, repository } from './fixtures.mjs';

function seen(output) {
  const { stdout, stderr, exitCode, signal, ok, cause } = output;
  return { stdout, stderr, exitCode, signal, ok, cause: cause?.code, isOutput: output instanceof ProcessOutput };
}

const failing = (promise) => promise.then(() => 'did not fail', seen);

export const cases = {
  'output and quoting': async () => seen(await $`${node} -p ${'process.argv.slice(1).join("|")'} -- ${'a b'} ${['$HOME', '"']}`),
  'an exit code': () => failing($`echo before; exit 4`),
  'an exit code that is asked for': async () => ({
    code: await $({ nothrow: true })`exit 6`.exitCode,
    old: (await nothrow($`exit 7`)).exitCode,
  }),
  'no such program': async () => {
    const { exitCode, stderr } = await nothrow($`no-such-program`);
    return { exitCode, stderr };
  },
  'a timeout': () => failing($({ timeout: '300ms', timeoutSignal: 'SIGKILL' })`sleep 60`),
  'a killed tree': async () => {
    const child = $`exec sh -c 'sleep 60 & echo ready; wait; kill $$; wait'`;
    for await (const chunk of child.stdout) if (String(chunk).includes('ready')) break;
    await child.kill('SIGTERM');
    return failing(child);
  },
  'a pipe of three': async () => seen(await $`printf 'b\na\n'`.pipe($`sort`).pipe($`tr a-z A-Z`)),
  'input, lines and text': async () => ({
    lines: await $({ input: 'one\ntwo' })`cat`.lines(),
    json: await $`echo '{"a":1}'`.json(),
    text: await $`echo text`.text(),
  }),
  'what it prints when verbose': async () => seen(await $({ verbose: true })`echo loud; echo beside >&2`),
  'a folder of its own': async () => {
    const path = repository();
    return within(async () => {
      cd(path);
      return {
        inside: (await $`basename "$PWD"`).stdout,
        commit: seen(await $`git commit --allow-empty -q -m one && git log --format=%s`),
      };
    });
  },
  retries: async () => {
    let tries = 0;
    return { output: seen(await retry(3, () => $`test ${++tries} -eq 3 && echo third`)), tries };
  },
  sync: () => seen($.sync`echo sync`),
  'sync that fails': () => seen($.sync({ nothrow: true })`exit 8`),
  'git that fails': async () => failing($({ cwd: repository() })`git rev-parse --verify -q no-such-branch`),
};
