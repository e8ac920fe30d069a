/** Which command lines are accepted, and what is said about those that are not. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseCommandLine } from '../../src/cli/arguments.ts';
import { helpText } from '../../src/cli/commands/help.ts';
import { allCommands } from '../../src/cli/commands/index.ts';
import type { Commands } from '../../src/cli/command.ts';
import { SwarmscopeError } from '../../src/cli/errors.ts';

let commands: Commands;
beforeAll(async () => {
  commands = await allCommands();
});

function failure(argv: readonly string[]): SwarmscopeError {
  try {
    parseCommandLine(argv, commands);
  } catch (error) {
    if (error instanceof SwarmscopeError) return error;
  }
  throw new Error('accepted');
}

/** The parsed command line, with the name of the command in place of the command. */
function understood(argv: readonly string[]): object {
  const { command, ...line } = parseCommandLine(argv, commands);
  return { command: Object.keys(commands).find((name) => commands[name] === command), ...line };
}

describe('the command line', () => {
  it('run takes its flags and leaves those of the program alone', () => {
    const argv = [
      'run',
      '--export',
      'http://localhost:4318',
      '--json=r.json',
      '--report',
      'r.txt',
      '--name',
      'n',
      '--port',
      '65535',
      '-q',
      '--',
      'node',
      '--port',
      'x',
      '--',
      'y',
    ];
    expect(understood(argv)).toEqual({
      command: 'run',
      program: ['node', '--port', 'x', '--', 'y'],
      positionals: [],
      values: { export: 'http://localhost:4318', json: 'r.json', report: 'r.txt', name: 'n', port: '65535', quiet: true },
    });
  });

  it.each([
    [[], { command: 'help' }],
    [['--help'], { command: 'help' }],
    [['run', '--help'], { command: 'help', positionals: ['run'] }],
    [['help', 'doctor'], { command: 'help', positionals: ['doctor'] }],
    [['--version'], { command: 'version' }],
    [['report', 'abc', '--json', '-'], { command: 'report', positionals: ['abc'], values: { json: '-' } }],
    [['runs'], { command: 'runs' }],
    [['doctor'], { command: 'doctor' }],
    [['doctor', '--stack'], { command: 'doctor', values: { stack: true } }],
    [
      ['doctor', '--stack', 'https://c:1', '--tempo', 'http://t:2', '--wait', '0'],
      { command: 'doctor', positionals: ['https://c:1'], values: { stack: true, tempo: 'http://t:2', wait: '0' } },
    ],
  ])('%j is understood', (argv, expected) => {
    expect(understood(argv)).toEqual({ positionals: [], program: [], values: {}, ...expected });
  });

  it.each([
    [['rn', '--', 'node'], 'Did you mean run?'],
    [['run', '--exprot', 'x', '--', 'node'], 'Did you mean --export?'],
    [['run', '--zzzzzzzzz', '--', 'node'], 'Unknown flag --zzzzzzzzz'],
    [['run'], 'swarmscope run -- node swarm.js'],
    [['run', '--'], 'Nothing to run'],
    [['run', 'node', 'swarm.js'], 'swarmscope run -- node swarm.js'],
    [['run', '--port', '0', '--', 'node'], 'from 1 to 65535'],
    [['run', '--port', '65536', '--', 'node'], 'from 1 to 65535'],
    [['run', '--export', 'localhost:4318', '--', 'node'], 'expects a URL'],
    [['run', '--json', '--', 'node'], '--json needs a value'],
    [['run', '--quiet=yes', '--', 'node'], 'takes no value'],
    [['report', 'a', 'b'], 'Unexpected "b"'],
    [['runs', '--', 'x'], 'Unexpected "x"'],
    [['help', 'docter'], 'Did you mean doctor?'],
    [['constructor'], 'Unknown command'],
    [['doctor', 'http://localhost:4318'], 'belongs to --stack'],
    [['doctor', '--prometheus', 'http://localhost:9090'], 'prometheus belongs to --stack'],
    [['doctor', '--wait', '5'], '--wait belongs to --stack'],
    [['doctor', '--stack', 'localhost:4318'], '--stack expects a URL'],
    [['doctor', '--stack', '--tempo', 'tempo'], '--tempo expects a URL'],
    [['doctor', '--stack', '--wait', '3601'], 'seconds from 0 to 3600'],
    [['run', '--toString', '--', 'node'], 'Unknown flag'],
  ])('%j is refused, and the message names the way out', (argv, message) => {
    const error = failure(argv);
    expect(error.message).toContain(message);
    expect(error.message).toContain('Usage: swarmscope');
    expect([error.code, error.exitCode]).toEqual(['USAGE', 2]);
  });

  it('help names every flag', () => {
    expect(helpText(commands, 'run')).toMatch(/--export URL[\s\S]*--json FILE[\s\S]*--quiet/);
    expect(helpText(commands)).toContain('doctor');
  });
});
