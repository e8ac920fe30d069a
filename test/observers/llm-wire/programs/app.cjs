const { OpenAI } = require('openai');
const { Anthropic } = require('@anthropic-ai/sdk');
require('./cases.cjs').main({ OpenAI, Anthropic });
