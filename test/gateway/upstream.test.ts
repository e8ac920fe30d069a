// Where calls go: the user's own value of a variable, else the provider's; and what is left alone.
import { expect, test } from '@jest/globals';
import { routeOf } from '../../src/gateway/routes.ts';
import { addressFor, planOf } from '../../src/gateway/upstream.ts';
import { BASE_VARIABLES } from '../../src/gateway/variables.ts';

const planned = (environment: Record<string, string>, off: string[] = []) =>
  new Map(planOf(environment, off).upstreams.map((upstream) => [upstream.variable, upstream]));

test('without values of the user, calls go to the providers that everybody uses', () => {
  const found = planned({});
  expect(found.get('OPENAI_BASE_URL')).toMatchObject({ isSecure: true, host: 'api.openai.com', port: 443, basePath: '/v1' });
  expect(found.get('OLLAMA_HOST')).toMatchObject({ isSecure: false, host: '127.0.0.1', port: 11434, basePath: '' });
  expect([...found.keys()].filter((name) => /GROQ|AZURE|COPILOT/.test(name))).toEqual([]);
});

test("the user's own value is where his calls go", () => {
  const found = planned({
    OPENAI_BASE_URL: 'http://127.0.0.1:9/proxy/v1/',
    GROQ_API_KEY: 'x',
    AZURE_OPENAI_ENDPOINT: 'https://mine.openai.azure.com',
    OLLAMA_HOST: '0.0.0.0',
  });
  const openai = found.get('OPENAI_BASE_URL');
  expect(openai).toMatchObject({ isSecure: false, host: '127.0.0.1', port: 9, authority: '127.0.0.1:9', basePath: '/proxy/v1' });
  expect(addressFor(openai!, 'http://127.0.0.1:4/word')).toBe('http://127.0.0.1:4/word/openai/proxy/v1');
  expect(found.get('GROQ_BASE_URL')).toMatchObject({ host: 'api.groq.com' });
  expect(found.get('AZURE_OPENAI_ENDPOINT')).toMatchObject({ host: 'mine.openai.azure.com', port: 443 });
  expect(found.get('OLLAMA_HOST')).toMatchObject({ host: '127.0.0.1', port: 11434 });
});

test.each(['ftp://host/v1', 'not an address', 'https://user:secret@host/v1', 'https://host/v1?key=1'])(
  'a value that is no plain http address is left alone: %s',
  (value) => {
    const { upstreams, leftAlone } = planOf({ OPENAI_BASE_URL: value }, []);
    expect(upstreams.map(({ variable }) => variable)).not.toContain('OPENAI_BASE_URL');
    expect(leftAlone.map(({ variable }) => variable)).toEqual(['OPENAI_BASE_URL']);
  },
);

test.each(BASE_VARIABLES.map(({ name, service }) => [name, service]))('%s has a switch', (name, service) => {
  const given = { [name]: 'http://127.0.0.1:9' };
  expect(planned(given).has(name)).toBe(true);
  expect(planned(given, [name]).has(name)).toBe(false);
  expect(planned(given, [service]).has(name)).toBe(false);
});

test('services have names of their own, since they are parts of the path', () => {
  expect(new Set(BASE_VARIABLES.map(({ service }) => service)).size).toBe(BASE_VARIABLES.length);
});

const routed = (environment: Record<string, string>, path: string) => {
  const upstreams = new Map(planOf(environment, []).upstreams.map((upstream) => [upstream.service, upstream]));
  return routeOf(path, 'word', upstreams);
};

test('a path leads to its upstream only behind the word of the run', () => {
  expect(routed({}, '/word/openai/v1/chat/completions?a=b')).toMatchObject({ path: '/v1/chat/completions?a=b', before: '/word/openai' });
  expect(routed({}, '/word/openai')).toMatchObject({ path: '/' });
  expect(routed({}, '/word/openai?a=b')).toMatchObject({ path: '/?a=b' });
  for (const path of ['/', '/word', '/word/', '/word/nobody/v1', '/other/openai/v1', '/openai/v1', '', '*', 'http://evil/word/openai'])
    expect(routed({}, path)).toBeUndefined();
});

test("ANTHROPIC_BASE_URL means the address with and without /v1; the user's own value means what it says", () => {
  expect(routed({}, '/word/anthropic/v1/messages')?.path).toBe('/v1/messages');
  expect(routed({}, '/word/anthropic/messages?beta=true')?.path).toBe('/v1/messages?beta=true');
  expect(routed({}, '/word/anthropic/api/hello')?.path).toBe('/api/hello');
  expect(routed({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }, '/word/anthropic/messages')?.path).toBe('/messages');
});
