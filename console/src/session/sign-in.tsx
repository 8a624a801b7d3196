/** The sign-in dialog, shown if the endpoint requires authentication, or a sign-in has failed. */
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { goToProvider } from './open-id-session.ts';
import { setProblem, signIn, useSession, type Credential, type Session } from './session.ts';
import { hostOf, loadOpenIdClient, type OpenIdClient } from './settings.ts';

interface SignInProps {
  /** Called after sign-in, to repeat the rejected requests. */
  onSignedIn(): void;
}

/** Cannot be cancelled while there is no data without signing in. */
export function SignIn({ onSignedIn }: SignInProps) {
  const session = useSession();
  const { isSignInRequired, problem, credential } = session;
  const isShown = isSignInRequired || problem !== undefined;
  const client = useOpenIdClient(isShown);
  const isOpen = isShown && client !== 'loading';
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!isOpen) dialog.current?.close();
    else if (!dialog.current?.open) {
      dialog.current?.showModal();
      dialog.current?.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    }
  }, [isOpen]);
  const submit = (entered: Credential): void => {
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
      {isOpen && (
        <div className="stack">
          {/* Not the button: the dialog may open while the user is typing elsewhere, and a space would press it. */}
          <h2 id="sign-in-title" tabIndex={-1} data-first-focus={client ? '' : undefined}>
            Sign in
          </h2>
          <p role="alert">{problem ?? describeReason(session)}</p>
          {client ? (
            <>
              <ProviderButton client={client} />
              <details className="other-ways" open={credential !== undefined && credential.kind !== 'openid'}>
                <summary>Use an API key or a token instead</summary>
                <CredentialForm isPrimary={false} credential={credential} onSubmit={submit} />
              </details>
            </>
          ) : (
            <CredentialForm isPrimary credential={credential} onSubmit={submit} />
          )}
          {!isSignInRequired && (
            <div className="buttons">
              <button type="button" className="button quiet" onClick={() => setProblem(undefined)}>
                Close
              </button>
            </div>
          )}
        </div>
      )}
    </dialog>
  );
}

/** Loaded when the dialog is first needed. */
function useOpenIdClient(isNeeded: boolean): OpenIdClient | 'loading' | undefined {
  const [client, setClient] = useState<OpenIdClient | 'loading' | undefined>('loading');
  useEffect(() => {
    if (isNeeded) void loadOpenIdClient().then(setClient);
  }, [isNeeded]);
  return client;
}

function describeReason({ credential }: Session): string {
  if (credential?.kind === 'openid') {
    return 'Your sign-in has expired, or this server does not accept its token. Sign in again: what you have typed is kept.';
  }
  if (credential) return 'Your credentials were not accepted. They may have expired, or been mistyped.';
  return 'This server requires you to sign in.';
}

function ProviderButton({ client }: { readonly client: OpenIdClient }) {
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    // The browser may show the page again as it was, after the back button.
    const reset = (): void => setLeaving(false);
    window.addEventListener('pageshow', reset);
    return () => window.removeEventListener('pageshow', reset);
  }, []);
  const go = (): void => {
    setLeaving(true);
    void goToProvider(client).then(() => setLeaving(false));
  };
  return (
    <div className="stack">
      <button type="button" className="button primary" data-once disabled={isLeaving} onClick={go}>
        {isLeaving ? 'Opening' : 'Sign in with'} {hostOf(client)}
      </button>
      <p className="muted">Your sign-in is kept in this tab until you close it.</p>
    </div>
  );
}

interface CredentialFormProps {
  readonly isPrimary: boolean;
  /** The rejected one. */
  readonly credential: Credential | undefined;
  onSubmit(entered: Credential): void;
}

function CredentialForm({ isPrimary, credential, onSubmit }: CredentialFormProps) {
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const entered = readForm(event.currentTarget);
    if (entered) onSubmit(entered);
  };
  return (
    <form className="stack" onSubmit={submit}>
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
        <input
          type="password"
          name="value"
          autoComplete="off"
          spellCheck={false}
          required
          data-first-focus={isPrimary ? '' : undefined}
        />
      </label>
      <p className="muted">Kept in this tab until you close it, and sent only to this server.</p>
      <div className="buttons">
        <button type="submit" className={isPrimary ? 'button primary' : 'button'}>
          Sign in
        </button>
      </div>
    </form>
  );
}

function readForm(form: HTMLFormElement): Credential | undefined {
  const data = new FormData(form);
  const value = data.get('value');
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return { kind: data.get('kind') === 'token' ? 'token' : 'key', value: value.trim() };
}
