/**
 * Programs that use the `openai` package, four majors of it: promises, streams, helpers, endings and failures are what
 * they are without us.
 */
import { NODE_VERSIONS } from '../../../../tools/node-versions.ts';
import { testPrograms } from './suite.ts';

const HOUSE = [process.versions.node];

testPrograms({ openai7: NODE_VERSIONS, openai6: HOUSE, openai5: HOUSE, openai4: HOUSE });
