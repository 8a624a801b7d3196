/** The sign-in dialog, shown if the endpoint requires authentication. */
import { useEffect, useRef, type SyntheticEvent } from 'react';
import { signIn, useSession, type Credential } from './session.ts';

interface SignInProps {
  /** Called after sign-in, to repeat the rejected requests. */
  onSignedIn(): void;
}

/** Cannot be cancelled, because there is no data without signing in. */
export function SignIn({ onSignedIn }: SignInProps) {
  const { isSignInRequired, credential } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isSignInRequired) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isSignInRequired]);
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const entered = readForm(event.currentTarget);
    if (!entered) return;
    signIn(entered);
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
            : 'This server requires you to sign in.'}
        </p>
        <fieldset className="choices">
          <legend>Sign in with</legend>
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
        <p className="muted">Kept in this tab until you close it, and sent only to this server.</p>
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
