/** What the sandbox says when it has started: loudly that nothing is real, and three operations to paste. */
import { sayFault, type NamedFaults } from './named-faults.ts';

/** A seeded ticket, and an action that may be performed on it once; the explorer's examples use it too. */
export const EXAMPLE = { ticketId: 'akana:ticket25687.acmepaymentscorp', action: 'ticket.action.resolve' };

/** One over all vendors, one action, one transition; also executed by a test, so that they cannot rot. */
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
 * @param url of the GraphQL endpoint.
 * @param pages those that are served beside it.
 * @param faults that were asked for: who meets one later should have read of it.
 */
export function welcome(url: string, pages: Pages, faults: NamedFaults = new Map()): string {
  const addresses = [
    ...(pages.explorer ? [`Explorer: ${new URL('/', url).href}`] : []),
    ...(pages.console ? [`Console for people: ${new URL('/console', url).href}`] : []),
  ];
  const line = '='.repeat(78);
  return [
    line,
    'SANDBOX: no vendor is configured, so these are five SIMULATED ones on loopback.',
    'Nothing here is real, and everything is forgotten when it stops.',
    ...[...faults].map(([key, name]) => `FAULTS, as asked for: ${key} ${sayFault(name)}.`),
    line,
    ...(addresses.length > 0 ? [addresses.join('   ')] : []),
    `${addresses.length > 0 ? 'Or paste' : 'Paste'} one of these into a client pointed at ${url}:`,
    ...OPERATIONS.flatMap((operation, index) => ['', `# ${index + 1}`, operation]),
    '',
  ].join('\n');
}
