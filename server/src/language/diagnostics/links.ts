const GUIDE = 'https://argo-cd.readthedocs.io/en/stable/user-guide';

/** Pages of Argo CD's documentation that rules link to. */
export const WAVES_PAGE = `${GUIDE}/sync-waves/`;
export const OPTIONS_PAGE = `${GUIDE}/sync-options/`;
export const ANNOTATIONS_PAGE = `${GUIDE}/annotations-and-labels/`;
export const HELM_PAGE = `${GUIDE}/helm/`;
