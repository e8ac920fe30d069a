/**
 * Programs that call a provider by `fetch`: every way to read, leave, break and fail is what it is without us, and is
 * recorded.
 */
import { NODE_VERSIONS } from '../../../../tools/node-versions.ts';
import { testPrograms } from './suite.ts';

testPrograms({ fetch: NODE_VERSIONS, 'fetch over HTTP/2': ['26.10.0'] });
