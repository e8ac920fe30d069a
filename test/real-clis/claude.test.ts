// The real Claude Code, answered by a model on this machine.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runProgram, startModels, type Models } from '../harness/index.ts';
import { installRealClis, type RealClis } from './install.ts';

describe('claude', () => {
  let clis: RealClis;
  let models: Models;

  beforeAll(async () => {
    clis = installRealClis();
    models = await startModels();
  }, 300_000);
  afterAll(() => models.close());

  test('answers one prompt without an account, a network or a home', async () => {
    const result = await runProgram({
      command: clis.claude,
      args: ['-p', 'ping'],
      preload: 'none',
      env: { ...models.env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
      timeoutMs: 60_000,
    });
    expect(result).toMatchObject({ stdout: 'pong\n', code: 0 });
    expect(models.mock.getRequests().some(({ path }) => path.startsWith('/v1/messages'))).toBe(true);
  }, 90_000);
});
