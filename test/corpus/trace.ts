import { finalizersOf, metadataOf, nameOf, namespaceOf, resourceVersionOf, type KubeObject } from '#core/object';
import type { Action, Step } from '#core/sync/model';
import { canonical } from './canonical.ts';
import type { RecordedBatch, RecordedOp, Sent } from './case.ts';

/** A request as it is recorded, without its answer. */
export type Op = Omit<RecordedOp, 'response'>;

/** What a pass did, in the shape of the recording. */
export interface TracedBatch extends Omit<RecordedBatch, 'ops'> {
  readonly ops: Op[];
}

/** Follows the steps of a pass: steps of one batch belong together, and so do serial ones that follow one another. */
export class Trace {
  readonly batches: TracedBatch[] = [];
  #last: number | undefined;

  add(step: Step): void {
    if (step.stage === 'run' || step.stage === 'waveHook') {
      this.#last = undefined;
      this.batches.push({ ...step, ops: [] });
      return;
    }
    const ops = step.actions.map(opOf);
    const open = this.batches.at(-1);
    const same = open?.stage === step.stage && (step.stage === 'serial' || this.#last === step.batch);
    if (open && same) open.ops.push(...ops);
    else this.batches.push({ stage: step.stage, dryRun: step.dryRun, ops });
    this.#last = step.batch;
  }
}

function opOf(action: Action): Op {
  const { verb, key, dryRun, force, validate, serverSide, manager, propagation, patch } = action;
  const sent = sentOf(action);
  return {
    verb,
    key,
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(force === true ? { force } : {}),
    ...(validate === undefined ? {} : { validate }),
    ...(serverSide === true ? { serverSide } : {}),
    ...(manager === undefined ? {} : { manager }),
    ...(propagation === undefined ? {} : { propagation }),
    ...(patch === undefined ? {} : { patch }),
    ...(sent === undefined ? {} : { sent }),
  };
}

function sentOf({ verb, object, source }: Action): Sent | undefined {
  switch (verb) {
    case 'apply':
    case 'create':
    case 'replace':
    case 'update':
      return source ? difference(source, object) : { object };
    case 'update-finalizers': {
      const finalizers = finalizersOf(object);
      return { ...(finalizers.length > 0 ? { finalizers } : {}), resourceVersion: resourceVersionOf(object) };
    }
    default:
      return undefined;
  }
}

const ADDED = ['name', 'namespace', 'finalizers', 'resourceVersion'];

/** In what an object differs from its manifest. Whatever differs beyond what Argo CD adds gives the whole object. */
function difference(source: KubeObject, object: KubeObject): Sent | undefined {
  if (canonical(bare(source)) !== canonical(bare(object))) return { object };
  const finalizers = finalizersOf(object);
  const version = resourceVersionOf(object);
  const sent: Sent = {
    ...(nameOf(object) === nameOf(source) ? {} : { name: nameOf(object) }),
    ...(namespaceOf(object) === namespaceOf(source) ? {} : { namespace: namespaceOf(object) }),
    ...(canonical(finalizers) === canonical(finalizersOf(source)) ? {} : { finalizers }),
    ...(version === resourceVersionOf(source) ? {} : { resourceVersion: version }),
  };
  return Object.keys(sent).length > 0 ? sent : undefined;
}

function bare(object: KubeObject): KubeObject {
  const metadata = Object.entries(metadataOf(object)).filter(([key]) => !ADDED.includes(key));
  return { ...object, metadata: Object.fromEntries(metadata) };
}
