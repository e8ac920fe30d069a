/** Which requests have Mistral, or who speaks like it, read the pages of a document. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Mistral OCR',
  provider: 'mistral_ai',
  operations: [{ path: '/ocr', name: 'generate_content', body: ['model', 'document'] }],
};
