/** Starts the console in the page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { ignoreRepeats } from './held.ts';
import { LastResort } from './last-resort.tsx';
import { applyTheme } from './theme.tsx';
import { guardUnload } from './writes/store.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/board.css';
import './styles/ticket.css';
import './styles/bulk.css';
import './styles/tray.css';

applyTheme();
ignoreRepeats();
guardUnload();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LastResort>
      <App />
    </LastResort>
  </StrictMode>,
);
