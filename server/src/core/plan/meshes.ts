import { textAt } from '../fields.ts';
import { metadataOf, type JsonObject, type KubeObject } from '../object.ts';
import { podMetadataOf, podSpecOf } from './references.ts';

/** A service mesh that puts a proxy of its own into pods. */
export interface Injection {
  readonly mesh: 'Istio' | 'Linkerd';
  /** What asks for it, as it is written: `label istio-injection: enabled`. */
  readonly because: string;
}

/** How pods say that they want no proxy, by mesh: an annotation of the pod. */
export const OPT_OUT = {
  Istio: { key: 'sidecar.istio.io/inject', value: 'false' },
  Linkerd: { key: 'linkerd.io/inject', value: 'disabled' },
} as const;

const LINKERD_ON: ReadonlySet<string> = new Set(['enabled', 'ingress']);

/** Whether a namespace has proxies put into its pods. */
export function namespaceInjection(namespace: KubeObject): Injection | undefined {
  const metadata = metadataOf(namespace);
  return injectionBy(
    (key) => textAt(metadata, 'labels', key),
    (key) => textAt(metadata, 'annotations', key),
  );
}

/** The same by `labels` and `annotations` alone: of the namespace that an Application has Argo CD make. */
export const metadataInjection = (metadata: JsonObject): Injection | undefined => namespaceInjection({ metadata });

function injectionBy(label: (key: string) => string, annotation: (key: string) => string): Injection | undefined {
  if (LINKERD_ON.has(annotation('linkerd.io/inject')))
    return { mesh: 'Linkerd', because: `annotation linkerd.io/inject: ${annotation('linkerd.io/inject')}` };
  const istio = label('istio-injection');
  if (istio === 'enabled') return { mesh: 'Istio', because: 'label istio-injection: enabled' };
  const revision = label('istio.io/rev');
  return istio === '' && revision !== '' ? { mesh: 'Istio', because: `label istio.io/rev: ${revision}` } : undefined;
}

/** What the pods of an object say of proxies themselves. */
export type PodWish =
  | {
      readonly kind: 'asks';
      readonly injection: Injection;
      readonly place: 'labels' | 'annotations';
      readonly key: string;
    }
  | { readonly kind: 'refuses'; readonly mesh: Injection['mesh'] }
  /** The proxy ends with the other containers, or is told to end. */
  | { readonly kind: 'ends-well' };

/** Words in a command that end the proxy, and annotations that let it end by itself. */
const TELLS_TO_END = /quitquitquit|linkerd-await|\/shutdown\b|pilot-agent\s+request|fortio\s+curl/;
const ENDS_BY_ITSELF = ['sidecar.istio.io/nativeSidecar', 'config.alpha.linkerd.io/proxy-enable-native-sidecar'];

/** What an object's pods say of proxies; undefined where they say nothing, or the object makes none. */
export function podWish(object: KubeObject): PodWish | undefined {
  const pod = podSpecOf(object);
  if (!pod) return undefined;
  const metadata = podMetadataOf(object);
  const told = (place: 'labels' | 'annotations', key: string): string => textAt(metadata[place], key);
  if (pod['hostNetwork'] === true || ENDS_BY_ITSELF.some((key) => told('annotations', key) === 'true'))
    return { kind: 'ends-well' };
  if (
    TELLS_TO_END.test(
      JSON.stringify([pod['containers'], pod['initContainers']] as const, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    )
  )
    return { kind: 'ends-well' };
  const linkerd = told('annotations', 'linkerd.io/inject');
  if (linkerd === 'disabled') return { kind: 'refuses', mesh: 'Linkerd' };
  if (LINKERD_ON.has(linkerd))
    return {
      kind: 'asks',
      place: 'annotations',
      key: 'linkerd.io/inject',
      injection: { mesh: 'Linkerd', because: `annotation linkerd.io/inject: ${linkerd}` },
    };
  for (const place of ['labels', 'annotations'] as const) {
    const key = OPT_OUT.Istio.key;
    const istio = told(place, key);
    if (istio === 'false') return { kind: 'refuses', mesh: 'Istio' };
    if (istio === 'true')
      return {
        kind: 'asks',
        place,
        key,
        injection: { mesh: 'Istio', because: `${place.slice(0, -1)} ${key}: "true"` },
      };
  }
  return undefined;
}
