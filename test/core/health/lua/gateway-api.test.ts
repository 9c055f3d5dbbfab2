import type { JsonObject } from '#core/object';
import { cases, conditions, generation, says, told, type Row } from '../rows.ts';

const at = (observedGeneration: number): JsonObject => ({ observedGeneration });

cases('gateway.networking.k8s.io/v1 Gateway', {
  'without status': [{}, 'Progressing: Waiting for Gateway status'],
  'references do not resolve': [told(says('Accepted=False', 'a'), says('ResolvedRefs=False', 'r')), 'Degraded: r'],
  refused: [told(says('Accepted=False', 'a')), 'Degraded: a'],
  'refused without a word': [told(says('Accepted=False')), 'Degraded: Failed condition: Accepted'],
  'being programmed': [told(says('Accepted=True'), says('Programmed=Unknown', 'p')), 'Progressing: p'],
  programmed: [told(says('Accepted=True'), says('Programmed=True')), 'Healthy: Gateway is healthy'],
  'a listener is refused': [
    { status: { ...conditions(says('Accepted=True')), listeners: [conditions(says('Accepted=False', 'port'))] } },
    'Degraded: Listener: port',
  ],
  'a listener is being programmed': [
    { status: { listeners: [conditions(says('Programmed=False'))] } },
    'Progressing: Listener: Listener is still being programmed',
  ],
});

const parent = (name: string, ...list: readonly JsonObject[]): JsonObject => ({
  parentRef: { name },
  ...conditions(...list),
});
const parents = (...list: readonly JsonObject[]): Partial<Row> => ({
  metadata: generation,
  status: { parents: [...list] },
});
for (const kind of ['HTTPRoute', 'GRPCRoute'])
  cases(`gateway.networking.k8s.io/v1 ${kind}`, {
    'without status': [{ metadata: generation }, `Progressing: Waiting for ${kind} status`],
    'without parents': [parents(), `Progressing: Waiting for ${kind} status`],
    accepted: [parents(parent('g', says('Accepted=True'))), `Healthy: ${kind} is healthy`],
    'refused by one': [
      parents(parent('g', says('Accepted=True')), parent('h', says('Accepted=False', 'no'))),
      'Degraded: Parent h: no',
    ],
    'a backend is missing': [
      parents(parent('g', says('ResolvedRefs=False', 'no backend'))),
      'Degraded: Parent g: no backend',
    ],
    'being programmed': [
      parents(parent('g', says('Programmed=False'))),
      'Progressing: Parent g: Route is still being programmed',
    ],
    'refused before its last change': [
      parents(parent('g', says('Accepted=False', 'no', at(1)))),
      kind === 'HTTPRoute' ? 'Progressing: Waiting for HTTPRoute status' : 'Degraded: Parent g: no',
    ],
    'refused in this generation': [parents(parent('g', says('Accepted=False', 'no', at(2)))), 'Degraded: Parent g: no'],
  });

cases('gateway.networking.k8s.io/v1 GatewayClass', {
  'without status': [{}, 'Progressing: Waiting for GatewayClass status'],
  accepted: [told(says('Accepted=True')), 'Healthy: GatewayClass is accepted'],
  refused: [told(says('Accepted=False', 'parameters')), 'Degraded: parameters'],
  pending: [told(says('Accepted=Unknown/Pending', 'wait')), 'Progressing: wait'],
  'accepted before its last change': [
    { metadata: generation, ...told(says('Accepted=True', 'm', at(1))) },
    'Progressing: Waiting for GatewayClass status',
  ],
});

const ancestors = (...list: readonly JsonObject[]): Partial<Row> => ({
  metadata: generation,
  status: { ancestors: list.map((each) => ({ ancestorRef: { name: 'gw' }, ...each })) },
});
for (const kind of [
  'gateway.networking.k8s.io/v1 BackendTLSPolicy',
  'microgateway.airlock.com/v1alpha1 ContentSecurityPolicy',
]) {
  const name = kind.split(' ')[1] ?? '';
  cases(kind, {
    'without status': [{ metadata: generation }, `Progressing: Waiting for ${name} status`],
    'of an older generation': [
      ancestors(conditions(says('Accepted=True', 'm', at(1)))),
      `Progressing: Waiting for Ancestor gw to update ${name} status`,
    ],
    accepted: [ancestors(conditions(says('Accepted=True', 'm', at(2)))), `Healthy: ${name} is healthy`],
    'refused by the second': [
      ancestors(conditions(says('Accepted=True', 'm', at(2))), conditions(says('Accepted=False', 'no', at(2)))),
      'Degraded: Ancestor gw: no',
    ],
    'references do not resolve': [
      ancestors(conditions(says('Accepted=True', 'm', at(2)), says('ResolvedRefs=False', 'no', at(2)))),
      'Degraded: Ancestor gw: no',
    ],
    'no word of its generation': [
      ancestors(conditions(says('Accepted=True', 'm'))),
      name === 'BackendTLSPolicy'
        ? 'Healthy: BackendTLSPolicy is healthy'
        : `Progressing: Waiting for Ancestor gw to update ${name} status`,
    ],
    'no word of acceptance': [
      ancestors(conditions(says('Other=True', 'm', at(2)))),
      name === 'BackendTLSPolicy'
        ? 'Progressing: Waiting for BackendTLSPolicy status'
        : `Degraded: Ancestor gw: ${name} is not accepted`,
    ],
  });
}
cases('microgateway.airlock.com/v1alpha1 GatewayParameters', {
  'no policy': [{}, 'Healthy: GatewayParameters is healthy'],
});
