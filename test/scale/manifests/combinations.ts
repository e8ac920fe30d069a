/** Which components a cluster is put together from in tests: the repository's overlays, and others that its README allows. */
export interface Combination {
  readonly title: string;
  /** A folder of deploy/overlays, or the components that stand in the list of an overlay, in this order. */
  readonly from: string | readonly string[];
  readonly gateways?: number;
}

export const combinations: readonly Combination[] = [
  { title: 'overlays/small', from: 'small' },
  { title: 'overlays/example', from: 'example' },
  { title: 'the base alone', from: [] },
  { title: 'queues on the nodes', from: ['hostpath-queue', 'autoscale', 'tempo', 'swarm-rules', 'monitoring'] },
  { title: 'more gateways than shards, as while their number changes', from: ['shards-3', 'keep', 'tempo', 'thanos'], gateways: 5 },
  { title: 'five shards, nothing but the chosen is stored', from: ['edge', 'shards-5', 'keep', 'sample', 'fold'], gateways: 5 },
  { title: 'an edge in front of any gateway', from: ['edge', 'fold', 'mimir', 'boards', 'inject-operator'] },
  { title: 'metrics in Mimir', from: ['shards-3', 'keep', 'fold', 'tempo', 'mimir', 'monitoring'] },
  { title: 'an object store of its own', from: ['shards-2', 'keep', 'fold', 'tempo', 'thanos', 'seaweedfs'], gateways: 2 },
  { title: 'two shards without a choice', from: ['hostpath-queue', 'shards-2', 'fold', 'inject-policy'], gateways: 2 },
];
