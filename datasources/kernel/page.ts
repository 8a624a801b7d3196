/** Pages of a vendor's list. */
import type { Page } from '../contract.ts';

/** The page of a filter that none of the vendor's tickets can fit: known without asking. */
export const EMPTY_PAGE: Page = { tickets: [], totalCount: 0, unapplied: [] };
