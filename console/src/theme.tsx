/** Light, dark, or as the system says. */
import { useState } from 'react';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const KEY = 'ticketgraph.theme';
const SIGNS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };

function readTheme(): Theme {
  const word = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === word) ?? 'system';
}

/** Before anything is shown, so that nothing flashes in the other colours. */
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
      <span aria-hidden="true">{SIGNS[theme]}</span>
    </button>
  );
}
