/** Offers what has come or gone, instead of moving the rows that somebody reads. */
import { useEffect, useState } from 'react';
import type { LiveBoard } from './use-live-board.ts';

interface LiveOfferProps {
  readonly live: LiveBoard;
  onShow(): void;
}

export function LiveOffer({ live, onShow }: LiveOfferProps) {
  const { appeared, left } = live;
  const isOffered = appeared.size > 0 || left.size > 0;
  return (
    <>
      <div className="live-offer">
        {isOffered && (
          <button type="button" className="button" onClick={onShow}>
            {describe(appeared.size, left.size)}
          </button>
        )}
      </div>
      <Announcement count={live.changeCount} />
    </>
  );
}

function describe(appeared: number, left: number): string {
  const coming = appeared > 0 ? `${appeared} new ${appeared === 1 ? 'ticket' : 'tickets'}` : '';
  const going = left > 0 ? `${left} no longer ${left === 1 ? 'matches' : 'match'}` : '';
  return `${[coming, going].filter(Boolean).join(', ')}: show`;
}

/** Milliseconds: screen readers announce all changes of this time at once. */
const ANNOUNCED_EVERY_MS = 10_000;

function Announcement({ count }: { readonly count: number }) {
  const [announced, setAnnounced] = useState({ count, text: '' });
  useEffect(() => {
    if (count === announced.count) return undefined;
    const timer = setTimeout(() => {
      const changes = Math.max(0, count - announced.count);
      setAnnounced({
        count,
        text: changes === 0 ? '' : `${changes} ${changes === 1 ? 'change' : 'changes'} on the board.`,
      });
    }, ANNOUNCED_EVERY_MS);
    return () => clearTimeout(timer);
  }, [count, announced]);
  return (
    <p className="hidden" role="status">
      {announced.text}
    </p>
  );
}
