/** Dry run of an action: the requests, byte for byte. Sends nothing to the vendor. */
import { useMutation } from '@apollo/client/react';
import { useEffect } from 'react';
import { PreviewActDocument, type ExecuteActionInput } from '../__generated__/documents.ts';
import { describeError } from '../session/errors.ts';
import { Reasons } from './reasons.tsx';

interface PreviewProps {
  readonly input: ExecuteActionInput;
}

export function Preview({ input }: PreviewProps) {
  const [runPreview, { data, error }] = useMutation(PreviewActDocument, { errorPolicy: 'all' });
  useEffect(() => {
    runPreview({ variables: { input: { ...input, dryRun: true } } }).catch(() => undefined);
    // The parent renders another preview, with another React key, for another input.
  }, []);
  const payload = data?.executeAction;
  return (
    <section className="preview" aria-label="Preview" role="status">
      {!payload && !error && <p className="muted">Loading the preview…</p>}
      {error && !payload && <p>{describeError(error)}</p>}
      {payload && payload.problems.length > 0 && <Reasons problems={payload.problems} />}
      {payload?.plan && <p className="small">Preview only. Nothing has been sent.</p>}
      {payload?.plan?.map(({ method, url, headers, body }) => (
        <figure key={`${method} ${url}`} className="request">
          <figcaption>
            <strong>{method}</strong> {url}
          </figcaption>
          <details>
            <summary>Headers</summary>
            <dl className="headers">
              {Object.entries(headers).map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{String(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
          {body !== null && (
            <pre tabIndex={0} aria-label="Body">
              {body}
            </pre>
          )}
        </figure>
      ))}
    </section>
  );
}
