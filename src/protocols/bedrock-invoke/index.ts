/** InvokeModel of Amazon Bedrock: each vendor's own body, and one way to stream it. */
import type { Protocol } from '../protocol.ts';
import { InvokeAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: InvokeAnswer };
