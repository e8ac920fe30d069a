/**
 * Programs that use `@anthropic-ai/sdk`: promises, streams, helpers, endings and failures are what they are without us.
 */
import { NODE_VERSIONS } from '../../../../tools/node-versions.ts';
import { testPrograms } from './suite.ts';

const HOUSE = [process.versions.node];

testPrograms({ anthropic1: NODE_VERSIONS, 'anthropic1 with its own spans': HOUSE, 'anthropic0-latest': HOUSE, anthropic0: HOUSE });
