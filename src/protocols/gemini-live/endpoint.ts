/** Which WebSockets are Gemini's Live API: by an API key, by a key for one session, and on Vertex. */
import type { Endpoint, Operation } from '../protocol.ts';

const live = { method: 'WEBSOCKET', name: 'generate_content', isStream: true } as const;
const VERSIONS = ['v1', 'v1alpha', 'v1beta'];
const METHODS = ['BidiGenerateContent', 'BidiGenerateContentConstrained'];

export const protocol: Endpoint = {
  calls: 'Gemini Live',
  provider: 'gcp.gemini',
  operations: [
    ...VERSIONS.flatMap((version) =>
      METHODS.map((method): Operation => ({ path: `/google.ai.generativelanguage.${version}.GenerativeService.${method}`, ...live })),
    ),
    { path: '/BidiGenerateContent', ...live, provider: 'gcp.vertex_ai' },
  ],
};
