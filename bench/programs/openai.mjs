// An app that loads an LLM client, ES module.
import 'openai';
