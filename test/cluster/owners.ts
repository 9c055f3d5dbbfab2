import {
  isObject,
  keyOf,
  kindOf,
  metadataOf,
  nameOf,
  objectIdOf,
  type Json,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import { pathTexts } from '../../client/src/simulation/field-sets.ts';
import type { Cluster } from '../../client/src/sync/cluster.ts';
import { without } from '../../client/src/sync/json.ts';
import { managedEntries } from '../../client/src/sync/kubectl/fields.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { plain } from './live-compare.ts';

/**
 * Who owns which fields by an apply, and all owners of a ConfigMap: of other kinds the server fills in more than the
 * simulation does, which belongs to whoever created the object.
 */
export async function ownersOf(cluster: Cluster, namespace: string, objects: readonly KubeObject[]): Promise<string[]> {
  const named = objects.filter((object) => nameOf(object) !== '');
  const lines = named.map(async (object) => {
    const placed = { ...object, metadata: { ...metadataOf(object), namespace } };
    const { object: live = {} } = await cluster.perform(
      { verb: 'get', key: keyOf(objectIdOf(placed)), object: placed },
      new Stop(),
    );
    const data = kindOf(object) === 'ConfigMap' ? [`data of ${nameOf(object)}: ${sortedText(live['data'])}`] : [];
    const entries = managedEntries(live)
      .filter(({ operation }) => operation === 'Apply' || kindOf(object) === 'ConfigMap')
      .map(({ manager, operation, fields }) => {
        const told = pathTexts(withoutMaps(fields)).filter((text) => !FILLED_IN.test(text));
        const paths = told.sort().join(' ');
        return plain(`owner of ${kindOf(object)}/${nameOf(object)} by ${operation} ${manager}: ${paths}`);
      });
    return [...data, ...entries];
  });
  return (await Promise.all(lines)).flat().sort();
}

const sortedText = (value: Json = null): string =>
  isObject(value) ? JSON.stringify(Object.entries(value).sort()) : JSON.stringify(value);

/** What the server fills in and the simulation does not: a plain write owns it, and hands it over with the rest. */
const FILLED_IN =
  /\.(imagePullPolicy|terminationMessagePath|terminationMessagePolicy|dnsPolicy|schedulerName|securityContext|terminationGracePeriodSeconds|enableServiceLinks|strategy(\..*)?|internalTrafficPolicy|ipFamily.*)$/;

/** The server says of a map whose members are owned that it is owned, too, where a write made it. */
const withoutMaps = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => {
      const own = isObject(inner) ? withoutMaps(inner) : {};
      const isMap = key.startsWith('f:') && Object.keys(own).length > 1;
      return [key, isMap ? without(own, '.') : own];
    }),
  );
