/** Entry point of the console. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, Leaving } from './app.tsx';
import { ignoreRepeats } from './ignore-repeats.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { isSignInResponse } from './session/open-id.ts';
import { finishSignIn } from './session/open-id-session.ts';
import { applyTheme } from './theme.tsx';
import { isStarting } from './jobs/starts.ts';
import { isBusy, warnBeforeUnload } from './writes/store.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/board.css';
import './styles/ticket.css';
import './styles/bulk.css';
import './styles/tray.css';
import './styles/jobs.css';

applyTheme();
ignoreRepeats();
warnBeforeUnload(() => isBusy() || isStarting());
const root = createRoot(document.getElementById('root')!);
if (isSignInResponse()) {
  root.render(<Leaving text="Signing in…" />);
  await finishSignIn();
}
root.render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
