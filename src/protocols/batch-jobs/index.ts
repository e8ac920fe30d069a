/** Batches of calls that are made later: their submission. */
import type { Protocol } from '../protocol.ts';
import { BatchAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: BatchAnswer };
