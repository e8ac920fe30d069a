/** Where models are asked: the hosts of providers by name, and the variables by which a program is told another place. */
import { BASE_VARIABLES } from './variables.ts';

/** Of services that many use; a test holds them against the providers that are known. They may share addresses with other services. */
export const PROVIDER_HOSTS: readonly string[] = [
  ...['api.anthropic.com', 'api.openai.com', 'generativelanguage.googleapis.com', 'cloudcode-pa.googleapis.com'],
  ...['api.githubcopilot.com', 'models.github.ai', 'openrouter.ai', 'api.mistral.ai', 'api.groq.com', 'api.deepseek.com', 'api.x.ai'],
  ...['api.cohere.com', 'api.together.xyz', 'api.fireworks.ai', 'api.cerebras.ai', 'api.perplexity.ai', 'api.moonshot.ai', 'api.z.ai'],
  ...['dashscope.aliyuncs.com', 'router.huggingface.co', 'ai-gateway.vercel.sh', 'integrate.api.nvidia.com'],
];

export const BASE_VARIABLE_NAMES: readonly string[] = BASE_VARIABLES.map(({ name }) => name);

/** Servers of models on this machine, by the address that their clients use without a variable. */
export const LOCAL_MODELS: readonly string[] = [
  ...new Set(BASE_VARIABLES.flatMap(({ isLocal, usual }) => (isLocal === true && usual !== undefined ? [usual] : []))),
];
