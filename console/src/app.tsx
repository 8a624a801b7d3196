/** The page: sign-in, vendors at the top, the board, and the open ticket beside it. */
import type { ApolloClient } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { current, navigate, useAddress } from './address.ts';
import { createClient } from './apollo.ts';
import { Board } from './board/board.tsx';
import { Filters, IgnoredWords } from './board/filters.tsx';
import { useRowKeys } from './board/row-keys.ts';
import type { RowsHandle } from './board/rows.tsx';
import { Search } from './board/search.tsx';
import { useBoard } from './board/use-board.ts';
import { useSelection } from './board/use-selection.ts';
import { BulkBar } from './bulk/bulk-bar.tsx';
import { Confirmation } from './confirm.tsx';
import { JobsButton, JOBS_BUTTON_ID } from './jobs/jobs-button.tsx';
import { JobsDock } from './jobs/jobs-dock.tsx';
import { JobsPane } from './jobs/jobs-pane.tsx';
import { LiveOffer } from './live/live-offer.tsx';
import { forgetPosition } from './live/stream.ts';
import { AccountButton } from './session/account.tsx';
import { useSession } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { ThemeButton } from './theme.tsx';
import { TicketPane } from './ticket/ticket-pane.tsx';
import { clearKnownOutcomes } from './ticket/use-ticket-writes.ts';
import { useVendors } from './vendors/use-vendors.ts';
import { VendorStrip } from './vendors/vendor-strip.tsx';
import { Tray } from './writes/tray.tsx';

export function App() {
  const [client] = useState(createClient);
  const { signOutCount, leaving } = useSession();
  if (leaving !== undefined) return <Leaving text={leaving} />;
  return (
    <ApolloProvider client={client}>
      <Page key={signOutCount} />
      <SignIn onSignedIn={() => resetSession(client)} />
    </ApolloProvider>
  );
}

function Page() {
  const address = useAddress();
  const { ticket, jobs } = address;
  const board = useBoard(address);
  const vendors = useVendors(board.sources, board.live.stale);
  const selection = useSelection(address, vendors);
  const rows = useRef<RowsHandle>(null);
  const show = (id: string, takesFocus: boolean): void => rows.current?.show(id, takesFocus);
  const close = useCallback((): void => {
    const { ticket: open, jobs: openJobs } = current();
    if (open === undefined) {
      closeJobs();
      return;
    }
    // Synchronously, so that the row exists before it is focused.
    flushSync(() => navigate({ ticket: undefined }));
    // The pane with the jobs, if it was behind the ticket, has taken the focus.
    if (openJobs === undefined) rows.current?.show(open, true);
  }, []);
  useRowKeys({ tickets: board.tickets, selection, show, reload: board.reload, close });
  useEffect(() => {
    document.title = ticket === undefined ? 'Tickets' : `${ticket} · Tickets`;
    // The outcomes beside the ticket have been seen.
    return () => {
      if (ticket !== undefined) clearKnownOutcomes(ticket);
    };
  }, [ticket]);
  return (
    <div className={ticket === undefined && jobs === undefined ? 'page' : 'page with-ticket'}>
      <a className="skip" href="#board">
        Skip to the board
      </a>
      <header className="top">
        <h1 className="brand">
          <span className="brand-mark" aria-hidden="true" />
          <span className="brand-word">Tickets</span>
        </h1>
        <Search />
        <div className="tools">
          <JobsButton />
          <ThemeButton />
          <Shortcuts />
          <AccountButton />
        </div>
      </header>
      <VendorStrip vendors={vendors} address={address} />
      <main className="main">
        <section id="board" className="board" aria-label="Tickets of all vendors" tabIndex={-1}>
          <div className="board-head">
            <Filters board={board} />
            <IgnoredWords />
          </div>
          <Board board={board} vendors={vendors} selection={selection} open={ticket} rows={rows} />
          <LiveOffer live={board.live} onShow={board.reload} />
        </section>
        {ticket !== undefined && <TicketPane key={ticket} id={ticket} vendors={vendors} onClose={close} />}
        {ticket === undefined && jobs !== undefined && <JobsPane open={jobs} onClose={closeJobs} />}
      </main>
      <div className="dock">
        <Tray open={ticket} />
        <JobsDock />
        <BulkBar selection={selection} hasMore={board.hasMore} />
      </div>
      <Confirmation />
    </div>
  );
}

function closeJobs(): void {
  if (current().jobs === undefined) return;
  flushSync(() => navigate({ jobs: undefined }));
  document.getElementById(JOBS_BUTTON_ID)?.focus();
}

/** Clears all data of the previous user. The components that load it again show any error. */
function resetSession(client: ApolloClient): void {
  forgetPosition();
  client.resetStore().catch(() => undefined);
}

/** Replaces the page while the browser goes to another or comes from there. */
export function Leaving({ text }: { readonly text: string }) {
  return (
    <main className="empty">
      <p role="status">{text}</p>
    </main>
  );
}
