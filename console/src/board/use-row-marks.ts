/** What the board says of tickets with a write under way, or one whose outcome is unknown. */
import { useMemo } from 'react';
import { categoryWord } from '../words.ts';
import { useWrites } from '../writes/store.ts';
import { ticketsOf, unknownTicketsOf, type Write } from '../writes/write.ts';

/** By ticket. */
export function useRowMarks(): ReadonlyMap<string, string> {
  const writes = useWrites();
  return useMemo(() => new Map(writes.flatMap(toMarks)), [writes]);
}

function toMarks(write: Write): readonly (readonly [id: string, mark: string])[] {
  const label = write.kind === 'action' ? write.label : categoryWord(write.input.status);
  if (write.progress.state === 'sending') return ticketsOf(write).map((id) => [id, `“${label}” is being sent`]);
  return unknownTicketsOf(write).map((id) => [id, `“${label}”: not known whether it was done`]);
}
