/** Theme: light, dark, or the system's. */
import { useState } from 'react';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const KEY = 'ticketgraph.theme';
const ICONS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };

function readTheme(): Theme {
  const word = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === word) ?? 'system';
}

/** Called before the first render, to avoid a flash of the other theme. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = readTheme();
}

export function ThemeButton() {
  const [theme, setTheme] = useState(readTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const change = (): void => {
    localStorage.setItem(KEY, next);
    setTheme(next);
    applyTheme();
  };
  return (
    <button
      type="button"
      className="button quiet icon"
      aria-label={`Colours: ${theme}. Change to ${next}.`}
      title={`Colours: ${theme}`}
      onClick={change}
    >
      <span aria-hidden="true">{ICONS[theme]}</span>
    </button>
  );
}
