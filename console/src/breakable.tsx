/** Text that may be broken after the signs that join its parts, e.g. a mail address, and in the middle of a word last. */
import { Fragment } from 'react';

export function Breakable({ text }: { readonly text: string }) {
  return text.split(/(?<=[@./_-])(?=\w)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
