/** Which requests are Converse of Amazon Bedrock. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Bedrock Converse',
  provider: 'aws.bedrock',
  operations: [
    { path: '/model/{model}/converse', name: 'chat' },
    { path: '/model/{model}/converse-stream', name: 'chat', isStream: true },
    { path: '/model/{model}/count-tokens', name: 'count_tokens' },
  ],
};
