/** The whole page: who asks, the vendors along the top, the board, and the ticket that is open beside it. */
import type { ApolloClient } from '@apollo/client';
import { ApolloProvider, useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { go, useAddress } from './address.ts';
import { createClient } from './apollo.ts';
import { Board } from './board/board.tsx';
import { Filters } from './board/filters.tsx';
import { focusRow, useRowKeys } from './board/row-keys.ts';
import { Search } from './board/search.tsx';
import { useBoard } from './board/use-board.ts';
import { useSelection } from './board/use-selection.ts';
import { BulkBar } from './bulk/bulk-bar.tsx';
import { useSession, signOut } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { ThemeButton } from './theme.tsx';
import { TicketPane } from './ticket/ticket-pane.tsx';
import { useVendors } from './vendors/use-vendors.ts';
import { VendorStrip } from './vendors/vendor-strip.tsx';

export function App() {
  const [client] = useState(createClient);
  const { turn } = useSession();
  return (
    <ApolloProvider client={client}>
      <Page key={turn} />
      <SignIn onSignedIn={() => beginAnew(client)} />
    </ApolloProvider>
  );
}

function Page() {
  const address = useAddress();
  const board = useBoard(address);
  const vendors = useVendors(board.sources);
  const selection = useSelection(address);
  const close = (): void => {
    if (address.ticket === undefined) return;
    // At once, so that the row is there to have the focus.
    flushSync(() => go({ ticket: undefined }));
    focusRow(address.ticket);
  };
  useRowKeys({ toggle: selection.toggle, reload: board.reload, close });
  useEffect(() => {
    document.title = address.ticket === undefined ? 'Tickets' : `${address.ticket} · Tickets`;
  }, [address.ticket]);
  return (
    <div className={address.ticket === undefined ? 'page' : 'page with-ticket'}>
      <a className="skip" href="#board">
        Skip to the board
      </a>
      <header className="top">
        <h1 className="brand">
          <span className="brand-mark" aria-hidden="true" />
          Tickets
        </h1>
        <Search />
        <div className="tools">
          <ThemeButton />
          <Shortcuts />
          <SignOut />
        </div>
      </header>
      <VendorStrip vendors={vendors} chosen={address.vendors} />
      <main className="main">
        <section id="board" className="board" aria-label="Tickets of all vendors" tabIndex={-1}>
          <Filters board={board} />
          <Board board={board} vendors={vendors} selection={selection} open={address.ticket} />
        </section>
        {address.ticket !== undefined && (
          <TicketPane key={address.ticket} id={address.ticket} vendors={vendors} onClose={close} />
        )}
      </main>
      <BulkBar selection={selection} />
    </div>
  );
}

/** Nothing of the one person is shown to the next. What fails is told where it is shown. */
function beginAnew(client: ApolloClient): void {
  client.resetStore().catch(() => undefined);
}

function SignOut() {
  const { credential } = useSession();
  const client = useApolloClient();
  if (!credential) return null;
  const leave = (): void => {
    signOut();
    beginAnew(client);
  };
  return (
    <button type="button" className="button quiet" onClick={leave}>
      Sign out
    </button>
  );
}
