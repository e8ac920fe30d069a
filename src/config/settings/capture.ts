/** Where captured content goes: `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`. */

export type ContentMode = 'off' | 'span' | 'event' | 'both';

export function isCaptured(mode: ContentMode): boolean {
  return mode !== 'off';
}

export function isOnSpans(mode: ContentMode): boolean {
  return mode === 'span' || mode === 'both';
}

export function isOnEvents(mode: ContentMode): boolean {
  return mode === 'event' || mode === 'both';
}
