/** Whether a collector of the user's listens where OpenTelemetry's exporters send when nobody tells them where. */
import { connect } from 'node:net';

/** OTLP/gRPC and OTLP/HTTP. */
const PORTS = [4317, 4318];
/** A port of this machine answers within a millisecond. */
const PATIENCE_MS = 500;

/** Never rejects. */
export async function hasCollector(ports: readonly number[] = PORTS): Promise<boolean> {
  const answers = await Promise.all(ports.map(listens));
  return answers.includes(true);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: PATIENCE_MS });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    for (const event of ['error', 'timeout'] as const) socket.once(event, () => end(false));
  });
}
