// Which requests are LLM calls, by method and path, and whose service they go to.
import { describe, expect, test } from '@jest/globals';
import { providerOf } from '../../src/protocols/providers.ts';
import { recognise } from '../../src/protocols/recognition.ts';

const post = (path: string) => recognise({ method: 'POST', path });

test.each([
  '/',
  '',
  '/chat',
  '/completions/chat',
  '/api/messages',
  '/v1/chat/completions/../x',
  '/v1/chat/xcompletions',
  '/x'.repeat(100_000),
  `/${'completions'.repeat(10_000)}`,
  ':',
  '?/chat/completions',
])('%.40s with another method, or another path, is no call', (path) => {
  expect(recognise({ method: 'PUT', path: '/v1/chat/completions' })).toBeUndefined();
  expect(post(path)).toBeUndefined();
});

test('query, prefix, a doubled and a closing slash change nothing', () => {
  for (const path of ['/v1/chat/completions?a=/b:c', '//v1//chat/completions', '/a/b/c/chat/completions/', '/chat/completions'])
    expect(post(path)).toMatchObject({ operation: { name: 'chat' }, model: undefined });
});

test('the longest pattern wins', () => {
  expect(post('/openai/deployments/mine/chat/completions')).toMatchObject({ operation: { provider: 'azure.ai.openai' }, model: 'mine' });
});

test.each([
  ['gpt%2D4', 'gpt-4'],
  ['100%', '100%'],
  ['arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Aprofile%2Fx', 'x'],
  ['m'.repeat(10_000), 'm'.repeat(512)],
])('a model %.20s in the path is %.20s', (written, model) => {
  expect(post(`/openai/deployments/${written}/chat/completions`)?.model).toBe(model);
});

describe('Azure', () => {
  const chat = post('/openai/v1/chat/completions');
  const at = (host: string, header?: string): string | undefined =>
    chat &&
    providerOf({ host, path: '/openai/v1/chat/completions', header: (name) => (name === header ? 'x' : undefined) }, chat, {
      model: 'gpt-5',
    });

  test('is known by its path and the header of its keys at any host, and no other service by them', () => {
    expect(at('llm.corp.example', 'api-key')).toBe('azure.ai.openai');
    expect(at('llm.corp.example')).toBe('openai');
    expect(at('api.groq.com', 'api-key')).toBe('groq');
  });
});
