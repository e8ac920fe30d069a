/** The gateway: a reverse proxy on loopback through which programs of any language call their models, read as it passes. */
export { startGateway, type Gateway, type GatewayOptions } from './start.ts';
export type { CallRecorder, Owner, OwnerOf } from './call-book.ts';
export { BASE_VARIABLE_NAMES, LOCAL_MODELS, PROVIDER_HOSTS } from './provider-hosts.ts';
