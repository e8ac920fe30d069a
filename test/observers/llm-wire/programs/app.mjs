/** The test program as an ES module: the same cases, the SDKs' other builds. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { main } from './cases.cjs';

await main({ OpenAI, Anthropic });
