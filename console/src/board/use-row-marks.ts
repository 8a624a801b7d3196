/** Marks on rows whose ticket has a pending write or one with an unknown outcome. */
import { useMemo } from 'react';
import { categoryLabel } from '../labels.ts';
import { useWrites } from '../writes/store.ts';
import { ticketsOf, unknownTicketsOf, type Write } from '../writes/write.ts';

/** Marks by ticket id. */
export function useRowMarks(): ReadonlyMap<string, string> {
  const writes = useWrites();
  return useMemo(() => new Map(writes.flatMap(toMarks)), [writes]);
}

function toMarks(write: Write): readonly (readonly [id: string, mark: string])[] {
  const label = write.kind === 'action' ? write.label : categoryLabel(write.input.status);
  if (write.progress.state === 'sending') return ticketsOf(write).map((id) => [id, `“${label}” is being sent`]);
  return unknownTicketsOf(write).map((id) => [id, `“${label}”: outcome unknown`]);
}
