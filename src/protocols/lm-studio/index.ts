/** LM Studio's own chat. */
import type { Protocol } from '../protocol.ts';
import { LmStudioAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: LmStudioAnswer };
