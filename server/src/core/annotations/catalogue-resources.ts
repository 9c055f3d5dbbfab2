import type { Annotation, KnownValue } from './catalogue-model.ts';
import { COMPARE_OPTIONS, SYNC_OPTIONS, TRACKING_ID } from './keys.ts';
import { SYNC_OPTION_LIST } from './sync-options.ts';
import { GUIDE, MANUAL, OPTIONS_PAGE } from './pages.ts';

const COMPARE_VALUES: readonly KnownValue[] = [
  {
    name: 'IgnoreExtraneous',
    since: '1.1',
    summary: 'leaves a live object out of the sync status when Git does not hold it.',
    consequence: 'The application can be Synced although the object is extra. Pruning deletes it all the same.',
  },
];

const TRUE: KnownValue = {
  name: 'true',
  since: '2.14',
  summary: 'leaves the object out of the application’s health.',
  consequence: 'A sync still waits for its health before the next wave.',
};

/** Argo CD's other annotations of resources. */
export const RESOURCE_ANNOTATIONS: readonly Annotation[] = [
  {
    key: SYNC_OPTIONS,
    family: 'argocd',
    kind: 'options',
    places: ['resource'],
    since: '1.1',
    summary: 'Changes how this one object is applied, pruned and deleted.',
    detail: 'Several options are separated by commas. Letters count: `Prune=False` protects nothing.',
    default: 'The options of the Application.',
    ifInvalid: 'Options that Argo CD does not know are ignored without a word.',
    values: SYNC_OPTION_LIST.filter((option) => option.readBy !== 'application'),
    offered: true,
    link: OPTIONS_PAGE,
  },
  {
    key: COMPARE_OPTIONS,
    family: 'argocd',
    kind: 'options',
    places: ['resource'],
    since: '1.1',
    summary: 'Changes how this one object counts for the sync status.',
    detail: 'It is read from the live object. It changes neither a sync nor pruning.',
    default: 'An object that Git does not hold makes the application OutOfSync.',
    ifInvalid: 'Options that Argo CD does not know are ignored.',
    values: COMPARE_VALUES,
    offered: true,
    link: `${GUIDE}/compare-options/`,
  },
  {
    key: 'argocd.argoproj.io/ignore-healthcheck',
    family: 'argocd',
    kind: 'boolean',
    places: ['resource'],
    since: '2.14',
    summary: 'Leaves the object out of the application’s health.',
    detail: 'Sync waves still wait for the object: it does not unblock a sync.',
    default: 'The object counts.',
    ifInvalid: 'Anything but exactly `true` is as if it were not there.',
    values: [TRUE],
    offered: true,
    link: `${MANUAL}/health/`,
  },
  {
    key: 'argocd.argoproj.io/ignore-resource-updates',
    family: 'argocd',
    kind: 'boolean',
    places: ['resource'],
    since: '2.13',
    summary: 'Lets Argo CD filter the watch events of an object that no Application tracks.',
    detail: 'It saves work for the controller and has no part in a sync.',
    default: 'Every change of the object is looked at.',
    ifInvalid: 'Anything that is no boolean counts as false.',
    values: [
      {
        name: 'true',
        since: '2.13',
        summary: 'filters the object’s watch events.',
        consequence: 'Changes of the fields named in the resource customizations cause no refresh.',
      },
    ],
    offered: true,
    link: `${MANUAL}/reconcile/`,
  },
  {
    key: 'argocd.argoproj.io/ignore-restart-policy',
    family: 'argocd',
    kind: 'boolean',
    places: ['resource'],
    since: '3.6',
    summary:
      'Judges the health of a Pod with restartPolicy Never or OnFailure like that of a Pod that restarts always.',
    detail: 'Only for Pods that are no hooks. Alpha.',
    default: 'Such a Pod is Progressing until it has ended.',
    ifInvalid: 'Anything but exactly `true` is as if it were not there.',
    values: [
      {
        name: 'true',
        since: '3.6',
        summary: 'takes a running, ready Pod for healthy whatever its restart policy.',
        consequence: 'A wave does not wait until the Pod has ended.',
      },
    ],
    offered: true,
    link: `${MANUAL}/health/`,
  },
  {
    key: TRACKING_ID,
    family: 'argocd',
    kind: 'text',
    places: ['resource'],
    since: '2.2',
    summary: 'Says which Application the object belongs to. Argo CD writes it.',
    detail: 'Its form is `application:group/Kind:namespace/name`. In Git it is overwritten.',
    default: 'Written with every sync.',
    ifInvalid: 'An object whose tracking id cannot be read belongs to no Application, and is never pruned.',
    values: [],
    offered: false,
    link: `${GUIDE}/resource_tracking/`,
  },
  {
    key: 'argocd.argoproj.io/installation-id',
    family: 'argocd',
    kind: 'text',
    places: ['resource'],
    since: '2.13',
    summary: 'Says which of several Argo CDs tracks the object. Argo CD writes it.',
    detail: 'Used where two Argo CDs manage one cluster.',
    default: 'One Argo CD is assumed.',
    ifInvalid: 'Where it differs from the configured id, the object’s tracking annotation is ignored.',
    values: [],
    offered: false,
    link: `${GUIDE}/resource_tracking/`,
  },
];
