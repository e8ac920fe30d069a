/** Which requests are LM Studio's own chat; its other paths are those of OpenAI and Anthropic. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'LM Studio',
  provider: 'lm_studio',
  operations: [{ path: '/api/v1/chat', name: 'chat', body: ['model', 'input'] }],
};
