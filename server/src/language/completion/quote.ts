/** The quote that a value stands in; empty where it is plain. */
export type Quote = '"' | "'" | '';

/** The quote at a place of a text, if one stands there. */
export const quoteAt = (text: string, at: number): Quote => {
  const first = text[at];
  return first === '"' || first === "'" ? first : '';
};
