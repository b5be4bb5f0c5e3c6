/* Light and dark: what the system prefers, or what the reader chose; paper is always light. */

export interface Tokens {
  ink: string;
  muted: string;
  faint: string;
  line: string;
  surface: string;
  accent: string;
  good: string;
  warning: string;
  bad: string;
  glass: string;
  copper: string;
  font: string;
  series: string[];
}

const key = "opentgv-theme";
const listeners = new Set<() => void>();
const paperListeners = new Set<() => void>();
let paper = false;

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function isDark(): boolean {
  return document.documentElement.dataset.theme === "dark";
}

function apply(): void {
  const chosen = stored() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const theme = paper ? "light" : chosen;
  if (document.documentElement.dataset.theme === theme) return;
  document.documentElement.dataset.theme = theme;
  for (const f of listeners) f();
}

/** Calls f whenever colours change. */
export function onTheme(f: () => void): void {
  listeners.add(f);
}

export function toggleTheme(): void {
  try {
    localStorage.setItem(key, isDark() ? "light" : "dark");
  } catch {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    for (const f of listeners) f();
    return;
  }
  apply();
}

export function startTheme(): void {
  apply();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
}

export function isPaper(): boolean {
  return paper;
}

/** Calls f before the page is printed and after. */
export function onPaper(f: () => void): void {
  paperListeners.add(f);
}

export function setPaper(on: boolean): void {
  if (paper === on) return;
  paper = on;
  apply();
  for (const f of paperListeners) f();
}

/** The colours of style.css for canvases and charts. */
export function tokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: get("ink"),
    muted: get("muted"),
    faint: get("faint"),
    line: get("line"),
    surface: get("surface"),
    accent: get("accent"),
    good: get("good"),
    warning: get("warning"),
    bad: get("bad"),
    glass: get("glass"),
    copper: get("copper"),
    font: get("font"),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((i) => get(`series-${i}`)),
  };
}
