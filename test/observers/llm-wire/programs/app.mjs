import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { main } from './cases.cjs';

await main({ OpenAI, Anthropic });
