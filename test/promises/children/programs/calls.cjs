// Calls of node:child_process as programs make them, each printed with all that came of it: return values, errors,
// events, options afterwards.
/* global AbortSignal */
const childProcess = require('node:child_process');
const { spawn, exec, execFile, fork, spawnSync, execSync, execFileSync } = childProcess;
const { promisify, inspect } = require('node:util');
const { once } = require('node:events');
const { openSync, readFileSync, writeFileSync, chmodSync, closeSync } = require('node:fs');
const { PassThrough } = require('node:stream');

const node = process.execPath;
writeFileSync('closed.sh', '#!/bin/sh\n');
chmodSync('closed.sh', 0o644);
writeFileSync('no-interpreter', '#!/no/such/interpreter\n');
chmodSync('no-interpreter', 0o755);

/** Everything an error says, own and inherited, in order. */
const told = (error) =>
  Object.fromEntries(
    ['name', 'message', ...Object.keys(error)].map((key) => [key, key === 'pid' || key === 'error' ? typeof error[key] : error[key]]),
  );
const attempt = (call) => {
  try {
    return call();
  } catch (error) {
    return { thrown: told(error) };
  }
};
const withoutPid = ({ pid, error, ...rest }) => ({ ...rest, hasPid: pid > 0, error: error && told(error) });
const ending = async (child) => {
  const events = [];
  for (const name of ['spawn', 'exit', 'error', 'close', 'disconnect', 'message'])
    child.on(name, (...args) => events.push([name, ...args.map((arg) => (arg instanceof Error ? told(arg) : arg))]));
  const output = {};
  for (const name of ['stdout', 'stderr'])
    child[name]?.setEncoding('utf8').on('data', (text) => (output[name] = (output[name] ?? '') + text));
  // A child that never started says so and no more.
  await new Promise((resolve) => child.once('close', resolve).once('error', () => child.pid === undefined && setImmediate(resolve)));
  // Node promises no order between the end of the process and the end of its channel.
  const isDisconnect = ([name]) => name === 'disconnect';
  return {
    events: [...events.filter((event) => !isDisconnect(event)), ...events.filter(isDisconnect)],
    output,
    spawnfile: child.spawnfile,
    spawnargs: child.spawnargs,
    exitCode: child.exitCode,
    signalCode: child.signalCode,
    killed: child.killed,
    hasPid: child.pid > 0,
  };
};
const text = { encoding: 'utf8' };
// It stays until it is ended: whether a child that goes by itself is still there to be killed would be a matter of
// luck.
const tooMuch = "process.stdout.write('x'.repeat(5000)); setTimeout(() => {}, 20_000)";

const calls = {
  // The sync forms and their errors.
  'a sync child with input': () => spawnSync('cat', { input: 'typed', ...text }).stdout,
  'input of a megabyte': () => spawnSync('wc', ['-c'], { input: Buffer.alloc(1 << 20, 'x'), ...text }).stdout.trim(),
  'more output than maxBuffer (spawnSync)': () => withoutPid(spawnSync(node, ['-e', tooMuch], { maxBuffer: 100, ...text })),
  'more output than maxBuffer (execFileSync)': () => attempt(() => execFileSync(node, ['-e', tooMuch], { maxBuffer: 100, ...text })),
  'out of time (spawnSync)': () => withoutPid(spawnSync('sleep', ['20'], { timeout: 60, ...text })),
  'out of time (execSync)': () => attempt(() => execSync('exec sleep 20', { timeout: 60, stdio: 'pipe', ...text })),
  'out of time with SIGKILL': () =>
    attempt(() => execFileSync('sleep', ['20'], { timeout: 60, killSignal: 'SIGKILL', stdio: 'pipe', ...text })),
  'no such program (spawnSync)': () => withoutPid(spawnSync('no-such-program', ['a', 'b'])),
  'no such program (execFileSync)': () => attempt(() => execFileSync('no-such-program', ['a', 'b'])),
  'no such program (execSync)': () => attempt(() => execSync('no-such-program a', { stdio: 'pipe', ...text })),
  'not executable': () => attempt(() => execFileSync('./closed.sh')),
  'no interpreter': () => attempt(() => execFileSync('./no-interpreter')),
  'no such folder': () => attempt(() => execFileSync('true', { cwd: '/no/such/folder' })),
  'an exit code, with what was printed': () =>
    attempt(() => execFileSync('sh', ['-c', 'echo out; echo err >&2; exit 4'], { stdio: 'pipe', ...text })),
  'an exit code of execSync': () => attempt(() => execSync('echo out; echo err >&2; exit 5', { stdio: 'pipe', ...text })),
  'a signal': () => attempt(() => execSync('kill -9 $$', { stdio: 'pipe', ...text })),
  'arguments too long': () => attempt(() => execFileSync('true', ['x'.repeat(3_000_000)])).thrown?.code,
  'shell: true (spawnSync)': () => withoutPid(spawnSync('echo "$0" $((1 + 1)) | cat', { shell: true, ...text })),
  'shell: true (execFileSync)': () => execFileSync('echo a; echo', ['b'], { shell: true, ...text }),
  'a shell by its path (spawnSync)': () => spawnSync('echo ${BASH_VERSION:+bash}', { shell: '/bin/bash', ...text }).stdout,
  'a shell that is not there': () => attempt(() => execSync('true', { shell: '/no/such/shell' })),
  argv0: () => spawnSync('sh', ['-c', 'echo $0'], { argv0: 'other', ...text }).stdout,
  'argv0 on an error': () => attempt(() => execFileSync('sh', ['-c', 'exit 2'], { argv0: 'other', stdio: 'pipe' })).thrown,
  'stdio of files': () => {
    const out = openSync('out.txt', 'w');
    const { stdout, status } = spawnSync('echo', ['to a file'], { stdio: ['ignore', out, 'inherit'] });
    closeSync(out);
    return [stdout, status, readFileSync('out.txt', 'utf8')];
  },
  'a fourth descriptor': () => spawnSync('sh', ['-c', 'echo three >&3'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], ...text }).output,
  'uid and gid': () => (process.getuid() === 0 ? spawnSync('id', ['-u'], { uid: 65534, gid: 65534, ...text }).stdout : '65534\n'),
  'a node of another user': () =>
    (process.getuid() === 0 ? spawnSync(node, ['-p', 'process.getuid()'], { uid: 65534, gid: 65534, cwd: '/', ...text }) : { status: 0 })
      .status,
  'a uid that is not allowed': () => attempt(() => spawnSync('true', { uid: -1 })),
  'getters are read as often': () => {
    const reads = [];
    const options = {
      get env() {
        reads.push('env');
        return { PATH: process.env.PATH };
      },
      get cwd() {
        reads.push('cwd');
        return '/';
      },
      ...text,
    };
    Object.defineProperty(options, 'env', {
      get() {
        reads.push('env');
        return { PATH: process.env.PATH };
      },
      enumerable: true,
    });
    Object.defineProperty(options, 'cwd', {
      get() {
        reads.push('cwd');
        return '/';
      },
      enumerable: true,
    });
    spawnSync('true', options);
    execFileSync('true', options);
    execSync('true', options);
    return reads;
  },
  'what the functions are': () =>
    ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync', '_forkChild'].map((name) => [
      name,
      String(childProcess[name]).slice(0, 60),
      childProcess[name].length,
      Object.getOwnPropertyNames(childProcess[name]),
    ]),
  'odd calls': () =>
    [
      () => spawnSync(),
      () => spawnSync('a', 'b'),
      () => execSync(7),
      () => execFileSync('true', [], { env: 'text' }),
      () => spawnSync('true', { stdio: 'odd' }),
      () => spawnSync('true', { timeout: -1 }),
      () => spawnSync('echo', ['a\0b']),
    ].map((call) => attempt(call)),

  // The async forms.
  'spawn with pipes': () => ending(spawn('sh', ['-c', 'echo out; echo err >&2; exit 3'])),
  'spawn of nothing': () => ending(spawn('no-such-program', ['a'])),
  'spawn of what is not executable': () => ending(spawn('./closed.sh')),
  'spawn in no folder': () => ending(spawn('true', { cwd: '/no/such/folder' })),
  'spawn with arguments too long': () => attempt(() => spawn('true', ['x'.repeat(3_000_000)])).thrown?.code,
  'spawn with shell: true': () => ending(spawn('echo "$A" | cat', { shell: true, env: { A: 'a b' } })),
  'spawn out of time': () => ending(spawn('sleep', ['20'], { timeout: 60, killSignal: 'SIGINT' })),
  'spawn aborted': async () => {
    const controller = new AbortController();
    const child = spawn('sleep', ['20'], { signal: controller.signal });
    const ended = ending(child);
    controller.abort(new Error('enough'));
    return ended;
  },
  'spawn aborted before': () => ending(spawn('sleep', ['20'], { signal: AbortSignal.abort() })),
  'killed before the spawn event': () => {
    const child = spawn('sleep', ['20']);
    const was = child.kill();
    return ending(child).then((end) => [was, end]);
  },
  'killed twice and after the end': async () => {
    const child = spawn('sleep', ['20']);
    child.kill('SIGKILL');
    const end = await ending(child);
    return [end, child.kill()];
  },
  'spawn with windowsHide and windowsVerbatimArguments': () =>
    ending(spawn('echo', ['a'], { windowsHide: true, windowsVerbatimArguments: true })),
  'stdin of a stream': async () => {
    const child = spawn('cat');
    const source = new PassThrough();
    source.pipe(child.stdin);
    source.end('through');
    return ending(child);
  },
  'stdio of a descriptor and of another child': async () => {
    const first = spawn('echo', ['piped'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const second = spawn('cat', { stdio: [first.stdout, 'pipe', 'inherit'] });
    return ending(second);
  },
  exec: () => promisify(exec)('echo out; echo err >&2'),
  'exec fails': () => promisify(exec)('echo out; exit 6').catch(told),
  'promisified exec has its child': async () => {
    const promise = promisify(exec)('echo a');
    return [promise.child.spawnfile, promise.child.spawnargs, (await promise).stdout];
  },
  'promisified execFile has its child': async () => {
    const promise = promisify(execFile)('echo', ['a']);
    return [promise.child.spawnargs, (await promise).stdout];
  },
  'execFile with more than maxBuffer': () => promisify(execFile)(node, ['-e', tooMuch], { maxBuffer: 100 }).catch(told),
  'execFile out of time': () => promisify(execFile)('sleep', ['20'], { timeout: 60 }).catch(told),
  'execFile aborted': () => promisify(execFile)('sleep', ['20'], { signal: AbortSignal.timeout(60) }).catch(told),
  'execFile of nothing': () => promisify(execFile)('no-such-program', ['a']).catch(told),
  'fork with everything': async () => {
    const args = Object.freeze(['a', 'b c']);
    const options = Object.freeze({
      execArgv: Object.freeze(['--no-warnings']),
      execPath: node,
      serialization: 'advanced',
      silent: true,
      env: Object.freeze({ PATH: process.env.PATH, OWN: '1' }),
    });
    const child = fork('forked.cjs', args, options);
    child.send(new Map([['k', 1n]]));
    return ending(child);
  },
  'fork with json messages': async () => {
    const child = fork('forked.cjs', { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child.send({ a: 1 });
    return ending(child);
  },
  'spawn with ipc': async () => {
    const child = spawn(node, ['forked.cjs'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child.send('hello');
    return ending(child);
  },
  'uid of a spawned node': () =>
    process.getuid() === 0 ? ending(spawn(node, ['-p', 'process.getuid()'], { uid: 65534, gid: 65534, cwd: '/' })) : { stdout: '65534\n' },
  'the child object': async () => {
    const child = spawn('true');
    const keys = Reflect.ownKeys(child).map(String);
    await ending(child);
    return [keys, Object.keys(child), child.constructor.name, Object.getOwnPropertyNames(Object.getPrototypeOf(child))];
  },
  'events in their order': async () => {
    const order = [];
    const child = spawn('true');
    order.push('returned');
    process.nextTick(() => order.push('tick'));
    Promise.resolve().then(() => order.push('micro'));
    child
      .on('spawn', () => order.push('spawn'))
      .on('exit', () => order.push('exit'))
      .on('close', () => order.push('close'));
    await once(child, 'close');
    return order;
  },
  'process.env is as it was': () =>
    Object.keys(process.env).filter(
      (name) => /TRACE|SWARM|GIT_/.test(name) && name !== 'GIT_CONFIG_NOSYSTEM' && name !== 'SWARMSCOPE_EXIT_TIMEOUT',
    ),
};

(async () => {
  for (const [name, call] of Object.entries(calls)) {
    const came = await Promise.resolve()
      .then(call)
      .catch((error) => ({ rejected: told(error) }));
    console.log(`== ${name}\n${inspect(came, { depth: 6, maxArrayLength: 50, maxStringLength: 300, breakLength: 160, sorted: false })}`);
  }
})();
