/** The variables that tell programs where a provider is: one row each, with its switch. What is set, and why not, is told here. */

export interface BaseVariable {
  readonly name: string;
  /** Part of the gateway's path, and the name by which `SWARMSCOPE_GATEWAY_OFF` switches the row off beside that of the variable. */
  readonly service: string;
  /** The base URL that programs use without the variable; undefined where the service has none: then the user must have named it. */
  readonly usual: string | undefined;
  /**
   * When it is set. `always`: its provider is asked once before the program starts. `keyed`: only where the user's environment
   * has the variable or one of `keys`, so that nobody is asked whom the user does not know.
   */
  readonly when: 'always' | 'keyed';
  readonly keys?: readonly string[];
  /**
   * `/v1` is put before paths that begin so, where the user has set no value: Anthropic's SDKs add `/v1/messages` to the base,
   * the AI SDK adds `/messages`.
   */
  readonly versionless?: readonly string[];
  /** It is an address for servers to listen on, too: set only where such a server answers there already. */
  readonly isListenAddress?: boolean;
  /** Not said where its server is not there: it runs on this machine or not at all. */
  readonly isLocal?: boolean;
}

const OPENAI = 'https://api.openai.com/v1';
const ANTHROPIC = 'https://api.anthropic.com';
const GEMINI = 'https://generativelanguage.googleapis.com';
const OLLAMA = 'http://127.0.0.1:11434';

/**
 * In the order in which `docs/gateway.md` lists them. Not here: Bedrock signs the host that it calls; Vertex AI's address holds
 * the region; codex takes its base URL as an argument only.
 */
export const BASE_VARIABLES: readonly BaseVariable[] = [
  { name: 'OPENAI_BASE_URL', service: 'openai', usual: OPENAI, when: 'always' },
  { name: 'OPENAI_API_BASE', service: 'openai-base', usual: OPENAI, when: 'always' },
  { name: 'ANTHROPIC_BASE_URL', service: 'anthropic', usual: ANTHROPIC, when: 'always', versionless: ['messages', 'files', 'skills'] },
  { name: 'ANTHROPIC_API_URL', service: 'anthropic-url', usual: ANTHROPIC, when: 'always' },
  { name: 'ANTHROPIC_API_BASE', service: 'anthropic-base', usual: ANTHROPIC, when: 'keyed' },
  { name: 'GOOGLE_GEMINI_BASE_URL', service: 'gemini', usual: GEMINI, when: 'always' },
  { name: 'GEMINI_API_BASE', service: 'gemini-base', usual: GEMINI, when: 'keyed' },
  { name: 'OLLAMA_HOST', service: 'ollama', usual: OLLAMA, when: 'always', isListenAddress: true, isLocal: true },
  { name: 'OLLAMA_API_BASE', service: 'ollama-base', usual: OLLAMA, when: 'always', isLocal: true },
  { name: 'GROQ_BASE_URL', service: 'groq', usual: 'https://api.groq.com', when: 'keyed', keys: ['GROQ_API_KEY'] },
  { name: 'AZURE_OPENAI_ENDPOINT', service: 'azure', usual: undefined, when: 'keyed' },
  { name: 'AZURE_API_BASE', service: 'azure-base', usual: undefined, when: 'keyed' },
  { name: 'COPILOT_PROVIDER_BASE_URL', service: 'copilot', usual: undefined, when: 'keyed' },
];
