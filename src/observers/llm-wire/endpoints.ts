/** The paths of LLM calls: all that must be known to leave every other request alone. */

/** Ends of paths, any prefix before them (gateways, Azure deployments, local servers), and whose flavour they are by default. */
export const ENDPOINTS = [
  { suffix: '/chat/completions', protocol: 'openai-chat', provider: 'openai' },
  { suffix: '/v1/messages', protocol: 'anthropic-messages', provider: 'anthropic' },
] as const;

export type Endpoint = (typeof ENDPOINTS)[number];

/** `undefined` for a request that is no LLM call. Cheap: every request of the app passes here. */
export function endpointOf(request: { readonly method: string; readonly path: string }): Endpoint | undefined {
  if (request.method !== 'POST') return undefined;
  const query = request.path.indexOf('?');
  const path = query === -1 ? request.path : request.path.slice(0, query);
  return ENDPOINTS.find(({ suffix }) => path.endsWith(suffix));
}
