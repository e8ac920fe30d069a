// A session of OpenAI Realtime that only writes down what is said, by the SDK's class. argv: the base URL.
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';

const openai = new OpenAI({ apiKey: 'test', baseURL: process.argv[2] });
const session = new OpenAIRealtimeWS({ intent: 'transcription' }, openai);
let left = 4;
session.on('error', () => undefined);
session.on('event', ({ type }) => {
  if (type === 'session.created' || type === 'transcription_session.created') {
    session.send({ type: 'input_audio_buffer.append', audio: 'Y2FuYXJ5' });
    session.send({ type: 'input_audio_buffer.commit' });
  }
  if (!/input_audio_transcription\.(?:completed|failed)$/.test(type)) return;
  left -= 1;
  if (left > 0) return;
  console.log('written down');
  session.close({ code: 1000, reason: 'canary' });
});
