// What single providers, gateways and servers write otherwise than all others. A row says whose it is, at which host, and where
// its body was published; texts, ids and names are others, and what does not matter is left out.
import { describe, expect, test } from '@jest/globals';
import { protocol as openai } from '../../../src/protocols/openai-chat/index.ts';
import { providerOf } from '../../../src/protocols/providers.ts';
import { recognise } from '../../../src/protocols/recognition.ts';
import type { LlmAnswer } from '../../../src/semconv/telemetry.ts';
import { readCall } from '../call.ts';
import { SERVERS } from './servers.ts';
import { SERVICES } from './services.ts';

describe.each([...SERVICES, ...SERVERS])('$whose', ({ url, provider, protocol = openai, headers, answer, expected }) => {
  const { host, hostname, pathname, search } = new URL(url);
  const { answer: told, unread } = readCall(protocol, { answer, ...(headers && { headers }), path: pathname });

  test('its facts are told', () => {
    const { usage, ...others } = expected as Partial<LlmAnswer>;
    expect(told).toMatchObject(others);
    if (usage !== undefined) expect(told?.usage).toMatchObject(usage);
    expect(unread).toEqual([]);
  });

  test('its name is told', () => {
    const recognised = recognise({ method: 'POST', path: pathname + search });
    const place = { host: hostname, path: pathname + search, header: (): undefined => undefined };
    expect(host).not.toBe('');
    expect(recognised && providerOf(place, recognised, { model: 'm', server: told?.server })).toBe(provider);
  });
});

test.each([
  ['integrate.api.nvidia.com', 'nvidia'],
  ['router.huggingface.co', 'huggingface'],
  ['models.github.ai', 'github'],
  ['api.githubcopilot.com', 'github_copilot'],
  ['api.business.githubcopilot.com', 'github_copilot'],
  ['gateway.ai.cloudflare.com', 'cloudflare'],
  ['api.cloudflare.com', 'cloudflare'],
  ['ai-gateway.vercel.sh', 'vercel'],
  ['dbc-1.cloud.databricks.com', 'databricks'],
  ['adb-1.2.azuredatabricks.net', 'databricks'],
  ['acme-eu1.snowflakecomputing.com', 'snowflake'],
  ['api.siliconflow.cn', 'siliconflow'],
  ['api.novita.ai', 'novita'],
  ['api.studio.nebius.com', 'nebius'],
  ['ark.cn-beijing.volces.com', 'volcengine'],
  ['inference.baseten.co', 'baseten'],
  ['api.voyageai.com', 'voyage'],
  ['api.jina.ai', 'jina'],
  ['githubcopilot.com.evil.example', 'openai'],
  ['snowflakecomputing.com', 'openai'],
])('the service at %s is %s', (host, provider) => {
  const path = '/v1/chat/completions';
  const recognised = recognise({ method: 'POST', path });
  expect(recognised && providerOf({ host, path, header: () => undefined }, recognised, { model: 'gpt-5' })).toBe(provider);
});
