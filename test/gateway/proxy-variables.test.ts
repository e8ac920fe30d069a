// The user's own proxy, by the variables that his programs read.
import { expect, test } from '@jest/globals';
import { sparingLoopback } from '../../src/config/gateway-variables.ts';
import { proxyFor } from '../../src/gateway/proxy-variables.ts';

const openai = { isSecure: true, host: 'api.openai.com', port: 443 };
const HTTPS_PROXY = 'http://10.0.0.1:3128';

test.each<[string, Record<string, string>, object | string | undefined]>([
  ['none', {}, undefined],
  ['of https', { HTTPS_PROXY }, { host: '10.0.0.1', port: 3128, isSecure: false, authorization: undefined }],
  ['in lower case, which comes first', { HTTPS_PROXY: 'http://other:1', https_proxy: HTTPS_PROXY }, { host: '10.0.0.1' }],
  ['for all', { ALL_PROXY: HTTPS_PROXY }, { host: '10.0.0.1' }],
  ['of http alone', { HTTP_PROXY: HTTPS_PROXY }, undefined],
  ['without a scheme', { HTTPS_PROXY: '10.0.0.1:3128' }, { host: '10.0.0.1', port: 3128 }],
  ['with a name and a word', { HTTPS_PROXY: 'http://me:s%40cret@10.0.0.1' }, { port: 80, authorization: 'Basic bWU6c0BjcmV0' }],
  ['with TLS of its own', { HTTPS_PROXY: 'https://proxy.corp' }, { isSecure: true, port: 443 }],
  ['that we cannot speak with', { ALL_PROXY: 'socks5://10.0.0.1:1080' }, 'unknown'],
])('a proxy %s', (_title, environment, expected) => {
  const found = proxyFor(openai, environment);
  if (typeof expected === 'object') expect(found).toMatchObject(expected);
  else expect(found).toBe(expected);
});

test.each([
  ['*', true],
  ['api.openai.com', true],
  ['.openai.com', true],
  ['openai.com', true],
  ['localhost, API.OpenAI.com', true],
  ['api.openai.com:443', true],
  ['api.openai.com:8443', false],
  ['notopenai.com', false],
  ['pi.openai.com', false],
  ['', false],
])('NO_PROXY=%s spares api.openai.com: %s', (NO_PROXY, isSpared) => {
  expect(proxyFor(openai, { HTTPS_PROXY, NO_PROXY }) === undefined).toBe(isSpared);
});

test.each([
  ['10.1.0.0/16', true],
  ['10.2.0.0/16', false],
  ['10.1.2.3', true],
  ['10.1.2.3/nonsense', false],
  ['fd00::/8', false],
])('NO_PROXY=%s spares 10.1.2.3: %s', (NO_PROXY, isSpared) => {
  expect(proxyFor({ ...openai, host: '10.1.2.3' }, { HTTPS_PROXY, NO_PROXY }) === undefined).toBe(isSpared);
});

test('a server on this machine is reached without a proxy', () => {
  for (const host of ['127.0.0.1', 'localhost', '::1']) expect(proxyFor({ ...openai, host }, { HTTPS_PROXY })).toBeUndefined();
});

test('programs are told to spare loopback, where there is a proxy to spare it from', () => {
  expect(sparingLoopback({ NO_PROXY: 'corp' })).toEqual({});
  const all = { NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' };
  expect(sparingLoopback({ HTTP_PROXY: HTTPS_PROXY })).toEqual(all);
  expect(sparingLoopback({ https_proxy: HTTPS_PROXY, no_proxy: 'corp, localhost' })).toEqual({
    NO_PROXY: 'corp,localhost,127.0.0.1',
    no_proxy: 'corp,localhost,127.0.0.1',
  });
  expect(sparingLoopback({ HTTP_PROXY: HTTPS_PROXY, NO_PROXY: '*' })).toEqual({});
});
