/**
 * Which rows of the board are in the page. Short lists are whole, so that the browser's own search finds everything. Of
 * long ones there are the rows near those in sight, and the pinned one: it has the focus, or its ticket is open.
 */
import { defaultRangeExtractor, useVirtualizer, useWindowVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';
import { useIsNarrow } from '../narrow.ts';

/** Longest list that is rendered whole. */
const MAX_WHOLE = 100;

/** Rows before and after those in sight. */
const OVERSCAN = 12;

const ROW_PX = 52;
const CARD_PX = 94;

export interface Place {
  readonly index: number;
  /** Height of what is left out before this row. */
  readonly gapPx: number;
}

export interface RowWindow {
  readonly places: readonly Place[];
  /** Height of what is left out after the last row. */
  readonly restPx: number;
  /** Ref of a row: measures it. */
  readonly measure: (row: HTMLElement | null) => void;
}

/** @param body the element that holds the rows; a row is `-1` if none is pinned. */
export function useRowWindow(
  count: number,
  keyOf: (index: number) => string,
  pinned: number,
  body: RefObject<HTMLElement | null>,
): RowWindow {
  const isNarrow = useIsNarrow();
  const startPx = useStartOf(body, isNarrow, count);
  const pick = useCallback(
    (range: Range): number[] => {
      if (count <= MAX_WHOLE) return Array.from({ length: count }, (_, index) => index);
      const near = defaultRangeExtractor(range);
      if (pinned < 0 || pinned >= count || near.includes(pinned)) return near;
      return [...near, pinned].toSorted((one, other) => one - other);
    },
    [count, pinned],
  );
  const shared = { count, getItemKey: keyOf, overscan: OVERSCAN, rangeExtractor: pick, scrollMargin: startPx };
  const inBoard = useVirtualizer<Element, HTMLElement>({
    ...shared,
    enabled: !isNarrow,
    estimateSize: () => ROW_PX,
    getScrollElement: () => body.current?.closest('.scroller') ?? null,
  });
  const inPage = useWindowVirtualizer<HTMLElement>({ ...shared, enabled: isNarrow, estimateSize: () => CARD_PX });
  const virtualizer = isNarrow ? inPage : inBoard;
  let endPx = startPx;
  const places = virtualizer.getVirtualItems().map(({ index, start, end }) => {
    const gapPx = start - endPx;
    endPx = end;
    return { index, gapPx };
  });
  const restPx = count === 0 ? 0 : startPx + virtualizer.getTotalSize() - endPx;
  return { places, restPx, measure: virtualizer.measureElement };
}

/** How far the rows begin below the start of what scrolls. */
function useStartOf(body: RefObject<HTMLElement | null>, isNarrow: boolean, count: number): number {
  const [startPx, setStartPx] = useState(0);
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    const scroller = isNarrow ? document.documentElement : element.closest('.scroller');
    if (!scroller) return;
    const scrolledPx = isNarrow ? 0 : scroller.scrollTop;
    setStartPx(Math.round(element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scrolledPx));
  }, [isNarrow, count]);
  return startPx;
}
