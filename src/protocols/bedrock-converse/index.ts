/** Converse of Amazon Bedrock: one form for the models of all vendors. */
import type { Protocol } from '../protocol.ts';
import { ConverseAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: ConverseAnswer };
