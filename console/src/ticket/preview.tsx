/** What would be sent, byte for byte; nothing is. */
import { useMutation } from '@apollo/client/react';
import { useEffect } from 'react';
import { PreviewActDocument, type ExecuteActionInput } from '../__generated__/documents.ts';
import { describeError } from '../session/refusal.ts';
import { Reasons } from './reasons.tsx';

interface PreviewProps {
  readonly input: ExecuteActionInput;
}

export function Preview({ input }: PreviewProps) {
  const [ask, { data, error }] = useMutation(PreviewActDocument, { errorPolicy: 'all' });
  useEffect(() => {
    ask({ variables: { input: { ...input, dryRun: true } } }).catch(() => undefined);
    // Another input is another preview, with a key of its own.
  }, []);
  const payload = data?.executeAction;
  return (
    <section className="preview" aria-label="Preview" role="status">
      {!payload && !error && <p className="muted">Looking at what would be sent…</p>}
      {error && !payload && <p>{describeError(error)}</p>}
      {payload && payload.problems.length > 0 && <Reasons problems={payload.problems} />}
      {payload?.plan && <p className="small">This would be sent. Nothing has been sent yet.</p>}
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
