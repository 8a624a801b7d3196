/** Asks for an API key or a token where the endpoint wants one. */
import { useEffect, useRef, type SyntheticEvent } from 'react';
import { signIn, useSession, type Credential } from './session.ts';

interface SignInProps {
  /** What was refused for want of credentials is asked again. */
  onSignedIn(): void;
}

/** Stays open until somebody has signed in: without it there is nothing to see. */
export function SignIn({ onSignedIn }: SignInProps) {
  const { isAsked, credential } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isAsked) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isAsked]);
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = readForm(event.currentTarget);
    if (!given) return;
    signIn(given);
    onSignedIn();
  };
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="sign-in-title"
      onCancel={(event) => event.preventDefault()}
    >
      <form className="stack" onSubmit={submit}>
        <h2 id="sign-in-title">Sign in</h2>
        <p role="alert">
          {credential
            ? 'Your credentials were not accepted. They may have expired, or been mistyped.'
            : 'This endpoint wants to know who asks.'}
        </p>
        <fieldset className="choices">
          <legend>With</legend>
          <label>
            <input type="radio" name="kind" value="key" defaultChecked={credential?.kind !== 'token'} /> an API key
          </label>
          <label>
            <input type="radio" name="kind" value="token" defaultChecked={credential?.kind === 'token'} /> a token
          </label>
        </fieldset>
        <label className="field">
          <span>Key or token</span>
          <input type="password" name="value" autoComplete="off" spellCheck={false} required autoFocus />
        </label>
        <p className="muted">It is kept in this tab until you close it, and sent to this endpoint alone.</p>
        <div className="buttons">
          <button type="submit" className="button primary">
            Sign in
          </button>
        </div>
      </form>
    </dialog>
  );
}

function readForm(form: HTMLFormElement): Credential | undefined {
  const data = new FormData(form);
  const value = data.get('value');
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return { kind: data.get('kind') === 'token' ? 'token' : 'key', value: value.trim() };
}
