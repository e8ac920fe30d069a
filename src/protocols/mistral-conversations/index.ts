/** Mistral's conversations. */
import type { Protocol } from '../protocol.ts';
import { ConversationAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: ConversationAnswer };
