// An app that loads an LLM client, CommonJS.
require('openai');
