/** Who sent something: the few resource attributes that rows keep. */
import { senderOf } from '../../../otlp/process-ledger.ts';
import { cut, MAX_NAME_LENGTH, readAttributes, readScopeName, treeIn, type Item, type Tree } from '../../../otlp/read/index.ts';
import { ATTR_PROCESS_PID, ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_TELEMETRY_DISTRO_NAME } from '../../../semconv/index.ts';

export interface Origin {
  serviceName: string;
  pid: number | undefined;
  /** `service.instance.id`, else name and pid, so that two processes are never one series. */
  instanceId: string;
  /** Sent by a process that swarmscope records. */
  isOurs: boolean;
  /** Of ours: whose ledger counts what it sent. */
  sender: string | undefined;
}

export function readOrigin(owner: Tree): Origin {
  const attributes = readAttributes(treeIn(owner, 'resource'));
  const name = attributes[ATTR_SERVICE_NAME];
  const pid = attributes[ATTR_PROCESS_PID];
  const instanceId = attributes[ATTR_SERVICE_INSTANCE_ID];
  const isOurs = attributes[ATTR_TELEMETRY_DISTRO_NAME] === 'swarmscope';
  const serviceName = typeof name === 'string' ? cut(name, MAX_NAME_LENGTH) : '';
  const knownPid = typeof pid === 'number' ? pid : undefined;
  return {
    serviceName,
    pid: knownPid,
    isOurs,
    sender: isOurs && typeof instanceId === 'string' ? senderOf(instanceId) : undefined,
    instanceId: typeof instanceId === 'string' ? cut(instanceId, MAX_NAME_LENGTH) : `${serviceName}:${knownPid ?? ''}`,
  };
}

/** Who sent an item. Of the next item of the same sender it is known already. */
export function readSenders(): (item: Item) => Origin & { readonly scopeName: string } {
  let owner: Tree | undefined;
  let group: Tree | undefined;
  let origin: Origin | undefined;
  let sender: (Origin & { scopeName: string }) | undefined;
  return (item) => {
    if (origin === undefined || owner !== item.owner) origin = readOrigin(item.owner);
    if (sender === undefined || owner !== item.owner || group !== item.group)
      sender = { ...origin, scopeName: readScopeName(item.group, readAttributes(treeIn(item.owner, 'resource'))) };
    ({ owner, group } = item);
    return sender;
  };
}
