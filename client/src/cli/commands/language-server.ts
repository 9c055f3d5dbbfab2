/**
 * Runs the language server in this process, over its standard streams, until its client ends it.
 * @param beside address of the program, beside which the server's own bundle stands
 */
export async function languageServer(beside: string): Promise<number> {
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  await import(new URL('./server.mjs', beside).href);
  return 0;
}
