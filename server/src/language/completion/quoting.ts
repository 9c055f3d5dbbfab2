/** Texts that a YAML 1.1 reader takes for something else than a text when they stand without quotes. */
const NOT_A_TEXT =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|[yYnN]|[-+]?(?:[\d_]+|0[xX][\da-fA-F_]+|0b[01_]+|0o[0-7_]+)|[-+]?(?:\.\d[\d_]*|\d[\d_]*\.[\d_]*|\d[\d_]*)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|\d{4}-\d{1,2}-\d{1,2}.*)$/;

/** Letters with which a plain scalar cannot begin, and sequences that end or break one. */
const BREAKS_PLAIN = /^[\s&*!|>'"%@`#,[\]{}?:-]|: |:$| #|\s$/;

/** Whether a value must be quoted in YAML to stay a text for every reader that Argo CD uses. */
export const needsQuotes = (value: string): boolean => NOT_A_TEXT.test(value) || BREAKS_PLAIN.test(value);

/** The value in double quotes, escaped. */
export const doubleQuoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;
