/* How numbers and units are written: sensible digits, thin spaces between thousands, a true minus sign. */

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** "um/min" as "µm/min", "degC" as "°C", "mm2" as "mm²". */
export function prettyUnit(unit: string | undefined | null): string {
  if (!unit || unit === "1") return "";
  return unit
    .replace(/\bdeg([CF])\b/g, "°$1")
    .replace(/\bdeg\b/g, "°")
    .replace(/\bu(mol|m|s|J|A|V|W|Ohm|F|H)(?=\d|\b)/g, "µ$1")
    .replace(/\bohm\b/gi, "Ω")
    .replace(/\s+m\^0\.5/g, "·√m")
    .replace(
      /([a-zA-Zµ])(-?\d)(?!\d)/g,
      (_, letter: string, digit: string) =>
        letter + (digit.startsWith("-") ? "⁻" : "") + (superscripts[Number(digit.replace("-", ""))] ?? digit),
    )
    .replace(/([a-zA-Zµ]) (?=[a-zA-Zµ])/g, "$1·");
}

/** "at least 25 um" as "at least 25 µm": units after numbers in a text. */
export function prettyText(text: string): string {
  return text.replace(
    /(\d) (u[msAJ](?:\/\w+)?|deg[CF]?|mm2|um3|1\/m2)(?!\w)/g,
    (_, digit: string, unit: string) => `${digit} ${prettyUnit(unit)}`,
  );
}

/** A machine name as a reader likes it: D_top stays, via_fail_fraction loses its underscores. */
export function prettyName(name: string): string {
  if (/^[A-Za-z]_[a-z]+$/.test(name)) return name;
  return name
    .replaceAll("_", " ")
    .replace(/\b(ttv|cte|tgv|rdl)\b/g, (word) => word.toUpperCase())
    .replace(/\bcpk\b/g, "Cpk");
}

/** A heading begins with a capital, but symbols (D_top, x) stay as they are. */
export function heading(text: string): string {
  return /^[a-z][a-z]+([ ,:;(]|$)/.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text;
}

/** "D_top" and "µm" as "D_top (µm)". */
export function withUnit(label: string, unit: string | undefined | null): string {
  const u = prettyUnit(unit);
  return u ? `${label} (${u})` : label;
}

function group(digits: string): string {
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** Fixed decimals, grouped, with a true minus sign. */
export function fixed(v: number, decimals: number): string {
  const [whole = "0", part] = Math.abs(v)
    .toFixed(Math.min(Math.max(decimals, 0), 20))
    .split(".");
  const text = group(whole) + (part ? `.${part}` : "");
  return v < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

function scientific(v: number, digits: number): string {
  const [mantissa = "0", exponent = "0"] = Math.abs(v)
    .toExponential(Math.max(digits - 1, 0))
    .split("e");
  const power = exponent
    .replace(/\d/g, (d) => superscripts[Number(d)] ?? d)
    .replace("-", "⁻")
    .replace("+", "");
  return `${v < 0 ? "−" : ""}${mantissa}×10${power}`;
}

const exponentOf = (v: number): number => (v === 0 ? 0 : Math.floor(Math.log10(Math.abs(v)) + 1e-12));

/** Digits a percentage needs so that what is missing to 100 keeps two. */
function digitsNearHundred(v: number, digits: number, unit?: string | null): number {
  if (unit !== "%" || v <= 99 || v >= 100) return digits;
  return Math.max(digits, 3 - exponentOf(100 - v));
}

/** Decimals of the shortest way to write a number, at most `most`. */
function decimalsOf(v: number, most: number): number {
  for (let n = 0; n < most; n++) {
    const short = Number(v.toFixed(n));
    if (short === v || Math.fround(short) === v)
      return n; /* as written, or as a 32-bit float of what was written */
  }
  return most;
}

/** A number with `digits` significant digits; whole numbers keep all of theirs, round ones get no zeros added. */
export function formatNumber(v: number | null | undefined, digits = 4, unit?: string | null): string {
  if (v === null || v === undefined || Number.isNaN(v)) return "–";
  if (!Number.isFinite(v)) return v > 0 ? "∞" : "−∞";
  if (Number.isInteger(v) && Math.abs(v) < 1e12) return fixed(v, 0);
  const e = exponentOf(v);
  const n = digitsNearHundred(v, digits, unit);
  if (e < -3 || e >= 7) return scientific(v, Math.min(n, digits));
  return fixed(v, decimalsOf(v, Math.min(Math.max(n - 1 - e, 0), 12)));
}

/** Digits of a value that its uncertainty justifies: two of the uncertainty, one if that is above 3.5 (as particle data
    are rounded). */
function placeOf(half: number): number {
  const e = exponentOf(half);
  return half / 10 ** e < 3.55 ? e - 1 : e;
}

/** A value with its interval: decimals follow the half width of the interval. */
export function formatInterval(
  value: number,
  low: number | null | undefined,
  high: number | null | undefined,
  unit?: string | null,
): { value: string; low: string; high: string } {
  const l = low ?? NaN;
  const h = high ?? NaN;
  const half = (h - l) / 2;
  if (!(half > 0) || !Number.isFinite(half)) {
    return {
      value: formatNumber(value, 4, unit),
      low: formatNumber(l, 4, unit),
      high: formatNumber(h, 4, unit),
    };
  }
  const largest = Math.max(Math.abs(value), Math.abs(l), Math.abs(h));
  if (exponentOf(largest) < -3 || exponentOf(largest) >= 7) {
    const digits = Math.min(Math.max(exponentOf(largest) - placeOf(half) + 1, 2), 6);
    const show = (v: number): string =>
      v === 0 ? "0" : scientific(v, Math.max(digits + exponentOf(v) - exponentOf(largest), 2));
    return { value: show(value), low: show(l), high: show(h) };
  }
  const two = value === 0 ? 0 : 1 - exponentOf(value); /* even a vague value keeps two digits */
  let decimals = Math.min(Math.max(-placeOf(half), two, 0), 10);
  const full = (v: number): boolean => unit === "%" && v < 100 && Number(v.toFixed(decimals)) === 100;
  while ((full(value) || full(h)) && decimals < 10) decimals++; /* not quite 100 % is not 100 % */
  const end = (v: number): string =>
    v !== 0 && Number(v.toFixed(decimals)) === 0 ? formatNumber(v, 1) : fixed(v, decimals);
  return { value: end(value), low: end(l), high: end(h) };
}

/** Decimals for values of one chart, from the widest of their intervals; null without intervals. */
export function commonDecimals(
  items: readonly { low?: number | null; high?: number | null }[],
): number | null {
  const half = Math.max(...items.map((i) => ((i.high ?? NaN) - (i.low ?? NaN)) / 2).filter((v) => v > 0));
  return Number.isFinite(half) ? Math.min(Math.max(-placeOf(half), 0), 10) : null;
}

/** Numbers that are to be compared, with the same decimals. */
export function formatAlike(values: readonly number[], digits: number): string[] {
  const largest = exponentOf(Math.max(...values.map(Math.abs)));
  if (!Number.isFinite(largest) || largest < -3 || largest >= 7)
    return values.map((v) => (v === 0 ? "0" : scientific(v, digits)));
  const wanted = Math.min(Math.max(digits - 1 - largest, 0), 12);
  const decimals = Math.max(...values.map((v) => decimalsOf(v, wanted)));
  return values.map((v) => fixed(v, decimals));
}

/** One way of writing all numbers of a column, so that they can be compared down the page. */
export function columnFormat(values: readonly unknown[], unit?: string | null): (v: number) => string {
  const numbers = values.filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  if (unit === "%" && numbers.some((v) => v > 99 && v < 100)) return (v) => formatNumber(v, 4, unit);
  const sizes = numbers.filter((v) => v !== 0).map(Math.abs);
  if (!sizes.length || numbers.every((v) => Number.isInteger(v))) return (v) => formatNumber(v, 4, unit);
  const largest = exponentOf(Math.max(...sizes));
  const smallest = exponentOf(Math.min(...sizes));
  if (largest - smallest > 3 || smallest < -4 || largest >= 7) return (v) => formatNumber(v, 4, unit);
  const wanted = Math.max(3 - largest, 1 - smallest, 0);
  const decimals = Math.max(...numbers.map((v) => decimalsOf(v, wanted)));
  return (v) => (Number.isFinite(v) ? fixed(v, decimals) : formatNumber(v));
}

/** Short numbers for axes and colour bars. */
export function formatTick(v: number): string {
  if (v === 0) return "0";
  const e = exponentOf(v);
  if (e < -3 || e >= 6)
    return scientific(v, 3)
      .replace(/\.?0+×/, "×")
      .replace(/^(−?)1×/, "$1");
  return formatNumber(Number(v.toPrecision(4)), 4);
}

/** Ticks of a logarithmic axis. */
export function formatDecade(v: number): string {
  const e = exponentOf(v);
  return Math.abs(e) < 3
    ? formatTick(v)
    : scientific(v, 3)
        .replace(/\.?0+×/, "×")
        .replace(/^1×/, "");
}
