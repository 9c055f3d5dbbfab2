import type { Json } from '#core/object';

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Quantities are kept in parts of 10⁻⁹. */
const NANO = 10n ** 9n;
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d{1,2})?$/;

/**
 * A quantity as the API server stores it: `0.5` as `500m`, `1024Mi` as `1Gi`, the number 1 as `1`. What is no quantity
 * stays as it is. Source: k8s.io/apimachinery/pkg/api/resource/quantity.go `ParseQuantity`, `CanonicalizeBytes`.
 */
export function canonicalQuantity(value: Json): Json {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return value;
  const [, sign, whole = '', fraction = '', suffix = ''] = QUANTITY.exec(String(value).trim()) ?? [];
  if (sign === undefined || whole + fraction === '') return value;
  const digits = BigInt(whole + fraction) * NANO;
  const amount = rounded(scaled(digits, suffix), 10n ** BigInt(fraction.length));
  const minus = sign === '-' && amount > 0n ? '-' : '';
  if (suffix.endsWith('i')) return minus + binary(amount);
  const exponent = /^[eE]/.test(suffix);
  return minus + decimal(amount, exponent);
}

/** The digits times what their suffix says. */
function scaled(digits: bigint, suffix: string): readonly [bigint, bigint] {
  if (suffix.endsWith('i')) return [digits * 1024n ** BigInt(BINARY.indexOf(suffix)), 1n];
  const exponent = /^[eE](.+)$/.exec(suffix)?.[1];
  const power = exponent === undefined ? (DECIMAL.indexOf(suffix) - 3) * 3 : Number(exponent);
  return power >= 0 ? [digits * 10n ** BigInt(power), 1n] : [digits, 10n ** BigInt(-power)];
}

/** What is smaller than the smallest part counts as one of it. */
function rounded([amount, divisor]: readonly [bigint, bigint], fraction: bigint): bigint {
  const by = divisor * fraction;
  return (amount + by - 1n) / by;
}

function binary(nano: bigint): string {
  if (nano % NANO !== 0n || nano < 1024n * NANO) return decimal(nano, false);
  let amount = nano / NANO;
  let place = 0;
  for (; amount > 0n && amount % 1024n === 0n && place < BINARY.length - 1; place++) amount /= 1024n;
  return `${amount}${BINARY[place] ?? ''}`;
}

function decimal(nano: bigint, exponent: boolean): string {
  let amount = nano;
  let place = 0;
  if (amount === 0n) return '0';
  for (; amount % 1000n === 0n && place < DECIMAL.length - 1; place++) amount /= 1000n;
  if (!exponent) return `${amount}${DECIMAL[place] ?? ''}`;
  return place === 3 ? `${amount}` : `${amount}e${(place - 3) * 3}`;
}
