/** Programs that use `node:http`, or a client built on it or on fetch: objects, events, endings and failures are what they are without us. */
import { NODE_VERSIONS } from '../../../../tools/node-versions.ts';
import { testPrograms } from './suite.ts';

const HOUSE = [process.versions.node];

testPrograms({ 'node:http': NODE_VERSIONS, axios: HOUSE, got: HOUSE, 'node-fetch2': HOUSE, 'node-fetch3': HOUSE, ky: HOUSE });
