/** What a session writes down of the sound that it was given: a call of its own for each piece of sound, by a model of its own. */
import { ATTR_GEN_AI_OUTPUT_TYPE } from '../../semconv/index.ts';
import { asObject, asText, type JsonObject } from '../read/json.ts';
import { MAX_OPEN_RESPONSES, type SessionHost, type SessionResponse } from '../session.ts';

export const TRANSCRIPTION = 'conversation.item.input_audio_transcription.';
const COMMITTED = 'input_audio_buffer.committed';

/** What is read of it: where one begins and ends. Of its pieces the time alone is a fact. */
export const TRANSCRIPTION_EVENTS: readonly string[] = [COMMITTED, `${TRANSCRIPTION}completed`, `${TRANSCRIPTION}failed`];

export class Transcriptions {
  readonly #host: SessionHost;
  /** By the item of the conversation that the sound is. */
  readonly #open = new Map<string, SessionResponse>();

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /** A piece of a transcript; `start` are its first bytes. */
  piece(start: string): void {
    this.#open.get(/"item_id"\s*:\s*"([^"]+)"/.exec(start)?.[1] ?? '')?.output();
  }

  /** False for what is no transcription's. */
  read(body: JsonObject, type: string, { config, bytes }: { config: JsonObject; bytes: Buffer }): boolean {
    if (!TRANSCRIPTION_EVENTS.includes(type)) return false;
    const item = asText(body['item_id']) ?? '';
    if (type === COMMITTED) {
      if (transcriptionIn(config) !== undefined) this.#begin(item, config);
      return true;
    }
    const response = this.#open.get(item) ?? this.#begin(item, config);
    this.#open.delete(item);
    response?.event(bytes);
    return true;
  }

  #begin(item: string, config: JsonObject): SessionResponse | undefined {
    if (this.#open.has(item) || this.#open.size >= MAX_OPEN_RESPONSES) return undefined;
    this.#host.learn({});
    const response = this.#host.begin({ isUnasked: true, operation: 'generate_content' });
    response.asked({ requestModel: transcriberIn(config), stream: true, attributes: { [ATTR_GEN_AI_OUTPUT_TYPE]: 'text' } });
    this.#open.set(item, response);
    return response;
  }
}

/** The model that writes down what is said, which is not the one that answers. */
export function transcriberIn(config: JsonObject): string | undefined {
  return asText(transcriptionIn(config)?.['model']);
}

/** In the words of GA, then of the beta. */
function transcriptionIn(config: JsonObject): JsonObject | undefined {
  const input = asObject(asObject(config['audio'])?.['input']);
  return asObject(input?.['transcription']) ?? asObject(config['input_audio_transcription']);
}
