/** Argo CD's documentation: the manuals, and the pages that the catalogue and the rules link to. */
export const GUIDE = 'https://argo-cd.readthedocs.io/en/stable/user-guide';
export const MANUAL = 'https://argo-cd.readthedocs.io/en/stable/operator-manual';

export const WAVES_PAGE = `${GUIDE}/sync-waves/`;
export const OPTIONS_PAGE = `${GUIDE}/sync-options/`;
export const ANNOTATIONS_PAGE = `${GUIDE}/annotations-and-labels/`;
export const HELM_PAGE = `${GUIDE}/helm/`;
