/** Version of the program; the build writes it in. */
export const VERSION = process.env['ARGOCD_HOOKS_VERSION'] ?? '0.0.0-development';
