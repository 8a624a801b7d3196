/** Text with optional line breaks after punctuation, e.g. in a mail address. */
import { Fragment } from 'react';

export function Breakable({ text }: { readonly text: string }) {
  return text.split(/(?<=[@./_-])(?=\w)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
