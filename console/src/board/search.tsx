/** Text to look for, in the address a moment after it was typed. */
import { useEffect, useRef, useState } from 'react';
import { go, useAddress } from '../address.ts';
import { useKeys } from '../keyboard.ts';

/** The id of a ticket of any vendor: it is opened, not searched for. */
const ID = /^[a-z][a-z0-9-]*:\S+$/;

/** Long enough that a word typed at once asks once. */
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
  // The address has changed elsewhere, e.g. by the back button: what was typed is over.
  if (typed.from !== search) setTyped({ text: search, from: search });
  useEffect(() => {
    if (typed.text === typed.from) return undefined;
    const timer = setTimeout(() => go({ search: typed.text }, { replace: typed.from !== '' }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <form
      role="search"
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (ID.test(typed.text.trim())) go({ ticket: typed.text.trim(), search: '' });
        else go({ search: typed.text });
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
