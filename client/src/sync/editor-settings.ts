/**
 * What the editor hands to each process that it starts: the settings themselves, as the language server asks for them,
 * so that both find and render the same. They come by the standard input: arguments and environment are seen by others,
 * and end at a length.
 */
export interface EditorSettings {
  /** The section `argocdHooks` of the folder. */
  readonly section: unknown;
  /** `files.exclude` of the folder. */
  readonly filesExclude: unknown;
  /** How the editor talks to a proxy. */
  readonly proxy?: ProxySettings;
}

/** What the editor says of its proxy beside where that is, which the environment tells. It may hold a password. */
export interface ProxySettings {
  /** `http.proxyAuthorization`, the value of the header Proxy-Authorization; empty: none. */
  readonly authorization: string;
  /** `http.proxyStrictSSL`: is the certificate of a proxy that is reached over TLS verified? */
  readonly strictSsl: boolean;
}

/** The line that hands them over. */
export const editorSettingsLine = ({ section, filesExclude, proxy }: EditorSettings): string =>
  `${JSON.stringify({ section, filesExclude, proxy })}\n`;
