/**
 * Programs that use `node:http`, a client built on it or on fetch, or another SDK: what they see is what it is without
 * us.
 */
import { NODE_VERSIONS } from '../../../../tools/node-versions.ts';
import { testPrograms } from './suite.ts';

const HOUSE = [process.versions.node];

testPrograms({
  'node:http': NODE_VERSIONS,
  axios: HOUSE,
  got: HOUSE,
  'node-fetch2': HOUSE,
  'node-fetch3': HOUSE,
  ky: HOUSE,
  'ai 7': HOUSE,
  '@google/genai': HOUSE,
});
