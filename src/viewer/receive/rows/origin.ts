/** Who sent something: the few resource attributes that rows keep. */
import { MAX_NAME_LENGTH, readAttributes, treeIn, type Tree } from '../../../otlp/read/index.ts';
import { ATTR_PROCESS_PID, ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_TELEMETRY_DISTRO_NAME } from '../../../semconv/index.ts';

export interface Origin {
  serviceName: string;
  pid: number | undefined;
  /** `service.instance.id`, else name and pid, so that two processes are never one series. */
  instanceId: string;
  /** Sent by a process that swarmscope records. */
  isOurs: boolean;
}

export function readOrigin(owner: Tree): Origin {
  const attributes = readAttributes(treeIn(owner, 'resource'));
  const name = attributes[ATTR_SERVICE_NAME];
  const pid = attributes[ATTR_PROCESS_PID];
  const instanceId = attributes[ATTR_SERVICE_INSTANCE_ID];
  const serviceName = typeof name === 'string' ? name.slice(0, MAX_NAME_LENGTH) : '';
  const knownPid = typeof pid === 'number' ? pid : undefined;
  return {
    serviceName,
    pid: knownPid,
    isOurs: attributes[ATTR_TELEMETRY_DISTRO_NAME] === 'swarmscope',
    instanceId: typeof instanceId === 'string' ? instanceId.slice(0, MAX_NAME_LENGTH) : `${serviceName}:${knownPid ?? ''}`,
  };
}
