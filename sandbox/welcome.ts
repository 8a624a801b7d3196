/** The text that the sandbox prints on start: that all data is simulated, and three operations to paste. */
import { describeFault, type NamedFaults } from './named-faults.ts';

/** A seeded ticket, and an action that can be performed on it once. Also used by the explorer's examples. */
export const EXAMPLE = { ticketId: 'akana:ticket25687.acmepaymentscorp', action: 'ticket.action.resolve' };

/** A query over all vendors, an action, and a transition. A test executes them. */
export const OPERATIONS = [
  `{
  tickets(first: 5) {
    nodes { ... on TicketFields { id title status { category raw } } }
    sources { vendor totalCount problem { code message } }
  }
}`,
  `mutation {
  executeAction(input: { ticketId: "${EXAMPLE.ticketId}", action: "${EXAMPLE.action}", comment: "Fixed." }) {
    outcome
    problems { code message }
    transition { ... on ActionTransition { action state at } }
  }
}`,
  `mutation {
  transitionInProgress(input: {
    ticketId: "jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08"
    transition: { outsource: {
      productIds: ["3f1c2b9e-0d7a-4c55-9b1e-2f6a8d4c7e10"]
      providerId: "9a4e6f02-5b3d-4e8a-8c71-d2f0b6a1c943"
    } }
  }) {
    outcome
    problems { code message }
    transition { ... on OutsourceTransition { location movedToId } }
  }
}`,
] as const;

export interface Pages {
  readonly explorer: boolean;
  readonly console: boolean;
}

/**
 * @param url URL of the GraphQL endpoint.
 * @param pages the pages that are served with it.
 * @param faults the faults in effect; printed, so that they do not surprise the user.
 */
export function welcome(url: string, pages: Pages, faults: NamedFaults = new Map()): string {
  const addresses = [
    ...(pages.explorer ? [`Explorer: ${new URL('/', url).href}`] : []),
    ...(pages.console ? [`Console: ${new URL('/console', url).href}`] : []),
  ];
  const line = '='.repeat(78);
  return [
    line,
    'SANDBOX: no vendor is configured. SIMULATED vendors are running on loopback.',
    'All data is simulated and is lost when the server stops.',
    ...[...faults].map(([key, name]) => `FAULTS in effect: ${key} ${describeFault(name)}.`),
    line,
    ...(addresses.length > 0 ? [addresses.join('   ')] : []),
    `${addresses.length > 0 ? 'Or paste' : 'Paste'} one of these into a client pointed at ${url}:`,
    ...OPERATIONS.flatMap((operation, index) => ['', `# ${index + 1}`, operation]),
    '',
  ].join('\n');
}
