/** What is shown where the console itself fails: never an empty page. */
import { Component, type ReactNode } from 'react';

interface LastResortProps {
  readonly children: ReactNode;
}

interface LastResortState {
  readonly defect: unknown;
}

/** React tells of what failed while drawing to classes only. */
export class LastResort extends Component<LastResortProps, LastResortState> {
  override state: LastResortState = { defect: undefined };

  static getDerivedStateFromError(defect: unknown): LastResortState {
    return { defect };
  }

  override render(): ReactNode {
    const { defect } = this.state;
    if (defect === undefined) return this.props.children;
    return (
      <main className="empty">
        <div role="alert">
          <h1>This page has failed.</h1>
          <p>It is a defect of the console. What was sent to a vendor before is not affected by it.</p>
          <p className="muted">{defect instanceof Error ? defect.message : 'No reason is known.'}</p>
        </div>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Reload the page
        </button>
      </main>
    );
  }
}
