/**
 * Selects the rows to render. Short lists are rendered completely, so that the browser's search finds everything. For long
 * lists, renders the rows near the viewport and the pinned row, which has the focus or is open.
 */
import { defaultRangeExtractor, useVirtualizer, useWindowVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';
import { useIsNarrow } from '../narrow.ts';

/** Longest list that is rendered completely. */
const MAX_UNWINDOWED_ROWS = 100;

/** Rows rendered before and after the viewport. */
const OVERSCAN = 12;

const ROW_PX = 52;
const CARD_PX = 94;

export interface WindowRow {
  readonly index: number;
  /** Height of the rows omitted before this one. */
  readonly gapPx: number;
}

export interface RowWindow {
  readonly rows: readonly WindowRow[];
  /** Height of the rows omitted at the end. */
  readonly bottomGapPx: number;
  /** Ref callback that measures a row. */
  readonly measure: (row: HTMLElement | null) => void;
}

/**
 * @param pinned index of a row that is always rendered. -1 if there is none.
 * @param body the element that contains the rows.
 */
export function useRowWindow(
  count: number,
  keyOf: (index: number) => string,
  pinned: number,
  body: RefObject<HTMLElement | null>,
): RowWindow {
  const isNarrow = useIsNarrow();
  const startPx = useRowsOffset(body, isNarrow, count);
  const pick = useCallback(
    (range: Range): number[] => {
      if (count <= MAX_UNWINDOWED_ROWS) return Array.from({ length: count }, (_, index) => index);
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
  const rows = virtualizer.getVirtualItems().map(({ index, start, end }) => {
    const gapPx = start - endPx;
    endPx = end;
    return { index, gapPx };
  });
  const bottomGapPx = count === 0 ? 0 : startPx + virtualizer.getTotalSize() - endPx;
  return { rows, bottomGapPx, measure: virtualizer.measureElement };
}

/** Returns the offset of the rows from the top of the scrolling element. */
function useRowsOffset(body: RefObject<HTMLElement | null>, isNarrow: boolean, count: number): number {
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
