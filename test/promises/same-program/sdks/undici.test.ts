/**
 * Programs that bring their own `undici`, four majors of it: every way to ask is what it is without us, and is
 * recorded.
 */
import { NODE_VERSIONS } from '../../../../tools/node-versions.ts';
import { testPrograms } from './suite.ts';

const HOUSE = [process.versions.node];
/** undici 8 needs Node 22.19. */
const FROM_22_19 = NODE_VERSIONS.filter((version) => version !== '22.15.0');

testPrograms({ undici8: FROM_22_19, undici7: NODE_VERSIONS, undici6: HOUSE, undici5: HOUSE });
