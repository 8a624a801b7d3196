/** The head of the pane with bulk jobs. */
import { useEffect, useRef, type ReactNode } from 'react';

interface PaneTitleProps {
  readonly title: string;
  /** Above the title. */
  readonly children?: ReactNode;
  onClose(): void;
}

/** Takes the focus when it opens. */
export function JobsPaneHead({ title, children, onClose }: PaneTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header className="pane-head">
      <div className="pane-line">
        <span>{children}</span>
        <button type="button" className="button quiet icon" aria-label="Close the bulk jobs" onClick={onClose}>
          <span aria-hidden="true">✕</span>
        </button>
      </div>
      <h2 id="jobs-title" ref={heading} tabIndex={-1}>
        {title}
      </h2>
    </header>
  );
}
