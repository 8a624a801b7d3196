/** Search box. Updates the URL after a short pause in typing. */
import { useEffect, useRef, useState } from 'react';
import { navigate, useAddress } from '../address.ts';
import { useKeys } from '../keyboard.ts';

/** A ticket id. Submitting one opens the ticket instead of searching. */
const ID = /^[a-z][a-z0-9-]*(@[a-z][a-z0-9-]*)?:\S+$/;

/** Debounce, so that typing a word sends one request. */
const PAUSE_MS = 300;

export function Search() {
  const { search } = useAddress();
  const [typed, setTyped] = useState({ text: search, from: search });
  const input = useRef<HTMLInputElement>(null);
  useKeys({
    '/': (event) => {
      event.preventDefault();
      input.current?.select();
    },
  });
  // The URL has changed elsewhere, e.g. by the back button: discard the typed text.
  if (typed.from !== search) setTyped({ text: search, from: search });
  useEffect(() => {
    if (typed.text === typed.from) return undefined;
    const timer = setTimeout(() => navigate({ search: typed.text }, { replace: typed.from !== '' }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <form
      role="search"
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (ID.test(typed.text.trim())) navigate({ ticket: typed.text.trim(), search: '' });
        else navigate({ search: typed.text });
      }}
    >
      <input
        ref={input}
        type="search"
        value={typed.text}
        onChange={({ target }) => setTyped({ text: target.value, from: search })}
        placeholder="Search text, reference or id"
        aria-label="Search text, reference or id"
        aria-keyshortcuts="/"
        maxLength={200}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
