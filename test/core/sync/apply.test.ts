import { describe, expect, it } from 'vitest';
import { type JsonObject, type KubeObject, keyOf, objectIdOf } from '#core/object';
import { moveOwnership } from '#core/sync/migration';
import type { Action, PassInput, Response } from '#core/sync/model';
import { syncOptions, type OperationRequest } from '#core/sync/options';
import { syncPass } from '#core/sync/pass';
import { defines, manifest, NAMESPACE, option } from './manifests.ts';

interface Written {
  readonly target: KubeObject;
  readonly live?: KubeObject;
  readonly request?: OperationRequest;
}

/** Requests of one pass, each with the answer that `answer` gives. */
function actionsOf(
  { target, live, request = {} }: Written,
  answer: (action: Action, nth: number) => Response = () => ({}),
): Action[] {
  const input: PassInput = {
    targets: [target],
    live: new Map(live ? [[keyOf(objectIdOf(live)), live]] : []),
    namespace: NAMESPACE,
    revision: 'a1b2c3d4',
    startedAt: 0,
    options: syncOptions(request),
    operation: { phase: 'Running', message: '' },
    results: [],
    health: () => null,
    discover: (_group, _version, kind) => ({ plural: '', namespaced: kind !== 'Namespace' }),
  };
  const actions: Action[] = [];
  const pass = syncPass(input);
  let step = pass.next();
  while (!step.done) {
    const asked = 'actions' in step.value ? step.value.actions : [];
    step = pass.next(asked.map((action, i) => answer(action, actions.length + i)));
    actions.push(...asked);
  }
  return actions;
}

/** The write that is no dry run, in words. */
function wet(written: Written): string {
  const { verb, force, serverSide, validate } =
    actionsOf(written).find((action) => !action.dryRun) ?? ({ verb: 'get' } as const satisfies Partial<Action>);
  const flags = [force === true && 'force', serverSide === true && 'server-side', validate === false && 'unvalidated'];
  return [verb, ...flags.filter((flag) => flag !== false)].join(' ');
}

const pod = manifest('Pod p');
const with_ = (...options: readonly string[]) => manifest('Pod p', option(options.join(',')));

describe('how a target is written', () => {
  it.each<Written & { row: string; expected: string }>([
    { row: '134: no option', target: pod, expected: 'apply' },
    { row: '134: Replace on the target', target: with_('Replace=true'), live: pod, expected: 'replace' },
    { row: '134: Replace on the live object', target: pod, live: with_('Replace=true'), expected: 'replace' },
    { row: '134: Replace without live object', target: with_('Replace=true'), expected: 'create' },
    {
      row: '26 of section 8: no way out of an application’s Replace',
      target: with_('Replace=false'),
      live: pod,
      request: { syncOptions: ['Replace=true'] },
      expected: 'replace',
    },
    { row: '135: server-side apply', target: with_('ServerSideApply=true'), expected: 'apply server-side' },
    {
      row: '135: and its way out',
      target: with_('ServerSideApply=false'),
      request: { syncOptions: ['ServerSideApply=true'] },
      expected: 'apply',
    },
    {
      row: '135: Replace outweighs it',
      target: with_('ServerSideApply=true', 'Replace=true'),
      live: pod,
      expected: 'replace',
    },
    {
      row: '135: a Namespace is updated',
      target: manifest('Namespace n', option('Replace=true')),
      live: manifest('Namespace n'),
      expected: 'update',
    },
    {
      row: '135: and so is a CRD',
      target: manifest('CustomResourceDefinition c', option('Replace=true'), defines('g', 'K')),
      live: manifest('CustomResourceDefinition c'),
      expected: 'update',
    },
    { row: '137: Force', target: with_('Force=true'), expected: 'apply force' },
    {
      row: '137: Force and Replace',
      target: with_('Force=true', 'Replace=true'),
      live: pod,
      expected: 'replace force',
    },
    {
      row: '137: on the live object',
      target: pod,
      live: with_('Force=true', 'Replace=true'),
      expected: 'replace force',
    },
    { row: '138: Validate=true', target: with_('Validate=true'), expected: 'apply' },
    { row: '138: Validate=false', target: with_('Validate=false'), expected: 'apply unvalidated' },
    {
      row: '138: of the application',
      target: pod,
      request: { syncOptions: ['Validate=false'] },
      expected: 'apply unvalidated',
    },
  ])('$row', ({ expected, ...written }) => {
    expect(wet(written)).toBe(expected);
  });

  it('136: a dry run is on the client, and never server-side', () => {
    const dry = actionsOf({ target: with_('ServerSideApply=true') }).filter((action) => action.dryRun);
    expect(dry.map(({ verb, dryRun, serverSide }) => ({ verb, dryRun, serverSide }))).toEqual([
      { verb: 'apply', dryRun: 'client', serverSide: false },
    ]);
  });

  it.each([
    [[], 'Foreground'],
    [['PrunePropagationPolicy=background'], 'Background'],
    [['PrunePropagationPolicy=orphan', 'PrunePropagationPolicy=foreground'], 'Foreground'],
    [['PrunePropagationPolicy=foreground', 'PrunePropagationPolicy=background'], 'Background'],
  ])('141: %j propagates deletion as %s', (options, expected) => {
    expect(syncOptions({ syncOptions: options }).prunePropagationPolicy).toBe(expected);
  });
});

const owned = (manager: string, operation: string, fields: JsonObject): JsonObject => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: fields,
});
const CLIENT = 'kubectl-client-side-apply';

describe('fields of client-side applies before a server-side apply', () => {
  const live = (operation: string): KubeObject =>
    manifest('Pod p', (object) => {
      const managedFields = [owned(CLIENT, operation, { 'f:spec': {} })];
      Object.assign(object['metadata'] as object, { managedFields, resourceVersion: '7' });
    });
  const target = with_('ServerSideApply=true');
  const verbs = (actions: readonly Action[]): string[] => actions.filter((a) => !a.dryRun).map(({ verb }) => verb);

  it('139: are moved where they came by updates', () => {
    const answer = (action: Action): Response => (action.verb === 'get' ? { object: live('Update') } : {});
    expect(verbs(actionsOf({ target, live: live('Update') }, answer))).toEqual([
      'get',
      'patch-managed-fields',
      'apply',
    ]);
    expect(verbs(actionsOf({ target, live: live('Apply') }))).toEqual(['apply']);
    expect(verbs(actionsOf({ target, live: pod }))).toEqual(['apply']);
  });

  it('140: again after a conflict, five times at most', () => {
    const refusing = (times: number) => {
      let left = times;
      return (action: Action): Response => {
        if (action.verb === 'get') return { object: live('Update') };
        const refused = action.verb === 'patch-managed-fields' && left-- > 0;
        return refused ? { error: 'changed meanwhile', reason: 'Conflict' } : {};
      };
    };
    const patches = (times: number) =>
      verbs(actionsOf({ target, live: live('Update') }, refusing(times))).filter((verb) => verb !== 'get');
    expect(patches(1)).toEqual(['patch-managed-fields', 'patch-managed-fields', 'apply']);
    expect(patches(9)).toEqual(Array.from({ length: 5 }, () => 'patch-managed-fields'));
  });

  it('go to the manager of server-side applies, and a field with members stays a field of its own', () => {
    const moved = moveOwnership(
      [
        owned(CLIENT, 'Update', { 'f:spec': {}, 'f:data': { 'f:a': {} } }),
        owned('argocd-controller', 'Apply', { 'f:spec': { 'f:replicas': {} } }),
        owned('other', 'Update', { 'f:status': {} }),
      ],
      CLIENT,
      'argocd-controller',
    );
    expect(moved).toEqual([
      owned('argocd-controller', 'Apply', {
        'f:spec': { '.': {}, 'f:replicas': {} },
        'f:data': { 'f:a': {} },
      }),
      owned('other', 'Update', { 'f:status': {} }),
    ]);
  });
});
