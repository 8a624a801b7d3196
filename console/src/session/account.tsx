/** Who is signed in, with which scopes, and signing out. */
import { useApolloClient } from '@apollo/client/react';
import { useRef } from 'react';
import { readClaims, scopesOf, splitScopes } from './claims.ts';
import { signOutEverywhere } from './open-id-session.ts';
import { useSession, type Credential } from './session.ts';

export function AccountButton() {
  const { credential } = useSession();
  return credential ? <Account credential={credential} /> : null;
}

function Account({ credential }: { readonly credential: Credential }) {
  const client = useApolloClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const { name, facts } = describeAccount(credential);
  const leave = (): void => {
    void signOutEverywhere();
    // The components that load again show any error.
    client.resetStore().catch(() => undefined);
  };
  return (
    <>
      <button
        type="button"
        className="button quiet account"
        aria-label={`Account: ${name}`}
        title={name}
        onClick={() => dialog.current?.showModal()}
      >
        <span className="account-mark" data-initial={initialOf(name)} aria-hidden="true" />
        <span className="account-name">{name}</span>
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby="account-title" closedby="any">
        <div className="stack">
          <h2 id="account-title">{name}</h2>
          <dl className="account-facts">
            {facts.map(([label, values]) => (
              <div key={label}>
                <dt>{label}</dt>
                {values.map((value) => (
                  <dd key={value}>{value}</dd>
                ))}
              </div>
            ))}
          </dl>
          <div className="buttons">
            <button type="button" className="button primary" data-once onClick={leave}>
              Sign out
            </button>
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}

function initialOf(name: string): string {
  return String.fromCodePoint(name.codePointAt(0) ?? 0x3f).toUpperCase();
}

type Fact = readonly [label: string, values: readonly string[]];

function describeAccount({ kind, value, grant }: Credential): {
  readonly name: string;
  readonly facts: readonly Fact[];
} {
  if (kind === 'key') return { name: 'API key', facts: [['Scopes', ['Those of the key in the file of the server']]] };
  const { iss: issuer, sub } = readClaims(value) ?? {};
  const subject = typeof sub === 'string' ? sub : grant?.subject;
  const scopes = scopesOf(value) ?? splitScopes(grant?.scope ?? '');
  return {
    name: grant?.name ?? (grant ? grant.subject : 'Token'),
    facts: [
      ['Subject', [subject ?? 'unknown']],
      ...(typeof issuer === 'string' ? [['Signed in by', [issuer]] as const] : []),
      ['Scopes', scopes.length > 0 ? scopes : ['none']],
    ],
  };
}
