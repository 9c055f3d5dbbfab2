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
}

/** The line that hands them over. */
export const editorSettingsLine = ({ section, filesExclude }: EditorSettings): string =>
  `${JSON.stringify({ section, filesExclude })}\n`;
