// A model provider on a loopback port (aimock): speaks as OpenAI, Anthropic and others, in this process.
import { LLMock, type MockServerOptions } from '@copilotkit/aimock';
import { closeAtEnd } from './close-at-end.ts';

export interface Models {
  /** Base URL without a path; Anthropic's SDK and CLI take it as it is. */
  readonly url: string;
  /** Base URL for OpenAI's SDK. */
  readonly openaiUrl: string;
  /** Variables that point the SDKs and the agent CLIs here. */
  readonly env: Readonly<Record<string, string>>;
  /** For fixtures (`onMessage`, `on`, `onToolCall`), errors (`nextRequestError`) and what was asked (`getRequests`). */
  readonly mock: LLMock;
  close(): Promise<void>;
}

/** Starts on a free port. Without own fixtures every chat is answered by `pong`. */
export async function startModels(options: MockServerOptions & { readonly answersAll?: boolean } = {}): Promise<Models> {
  const { answersAll = true, ...server } = options;
  const mock = new LLMock({ port: 0, logLevel: 'silent', ...server });
  await mock.start();
  const stop = closeAtEnd(() => mock.stop());
  if (answersAll) mock.onMessage(/[^]*/, { content: 'pong' });
  const openaiUrl = `${mock.url}/v1`;
  return {
    url: mock.url,
    openaiUrl,
    env: { OPENAI_BASE_URL: openaiUrl, OPENAI_API_KEY: 'test', ANTHROPIC_BASE_URL: mock.url, ANTHROPIC_API_KEY: 'test' },
    mock,
    close: async () => void (await stop()),
  };
}
