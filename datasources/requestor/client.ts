/** Requestor's endpoints, one function each. Documentation: https://ipex-demo4.servicedesk.net/Help */
import type { RequestScope, Upstream, UpstreamRequest } from '../contract.ts';
import { undefinedIfNotFound } from '../vendor-kit/failure.ts';
import { path } from '../vendor-kit/path.ts';
import { escapeXml, parseParameters, parseTicket, type WireParameters, type WireTicket } from './wire.ts';

const ACCEPT = { accept: 'application/json' };
const SENDING_JSON = { ...ACCEPT, 'content-type': 'application/json' };
const SENDING_XML = { ...ACCEPT, 'content-type': 'application/xml' };

const PLAIN_TEXT = [['plainTextOnly', 'true']] as const;

export type Client = ReturnType<typeof createClient>;

export function createClient(upstream: Upstream) {
  return {
    /**
     * GET api/Tickets/GetTicket/{id}, where the id is the number or the reference:
     * https://ipex-demo4.servicedesk.net/Help/Api/GET-api-Tickets-GetTicket-id_plainTextOnly
     */
    findTicket(id: string, call: RequestScope): Promise<WireTicket | undefined> {
      const where = path`/api/Tickets/GetTicket/${id}`;
      const request = { method: 'GET', path: where, query: PLAIN_TEXT, headers: ACCEPT } as const;
      return undefinedIfNotFound(upstream.read(request, call), parseTicket);
    },

    /**
     * GET api/Tickets/GetWorkflowParameters, only for actions whose ExtraParameterIsNeeded is set:
     * https://ipex-demo4.servicedesk.net/Help/Api/GET-api-Tickets-GetWorkflowParameters_ticketREF_ticketAction
     */
    async getWorkflowParameters(ticketRef: string, action: string, call: RequestScope): Promise<WireParameters> {
      const query = [
        ['ticketREF', ticketRef],
        ['ticketAction', action],
      ] as const;
      const request = { method: 'GET', path: '/api/Tickets/GetWorkflowParameters', query, headers: ACCEPT } as const;
      return parseParameters(await upstream.read(request, call));
    },
  };
}

/** WorkflowPushPost. Exactly one of TicketId and TicketREF is set. */
export interface WirePush {
  readonly TicketId: number | null;
  readonly TicketREF: string | null;
  /** TicketActionEnum: its number or its name. */
  readonly Action: number | string;
  readonly UserProviderKey: string | null;
  readonly ServiceId: number | null;
  readonly CustomerId: number | null;
  readonly Note: string | null;
}

/**
 * Builds POST api/Tickets/WorkflowPush: https://ipex-demo4.servicedesk.net/Help/Api/POST-api-Tickets-WorkflowPush
 *
 * The documentation shows the enum as a number in JSON and as a name in XML, so names are sent as XML.
 */
export function pushRequest(push: WirePush): UpstreamRequest {
  const isNumber = typeof push.Action === 'number';
  return {
    method: 'POST',
    path: '/api/Tickets/WorkflowPush',
    headers: isNumber ? SENDING_JSON : SENDING_XML,
    body: isNumber ? toPushJson(push) : toPushXml(push),
  };
}

function toPushJson({ TicketId, TicketREF, Action, UserProviderKey, ServiceId, CustomerId, Note }: WirePush): string {
  return JSON.stringify({ TicketId, TicketREF, Action, UserProviderKey, ServiceId, CustomerId, Note });
}

/** DataContract reads elements in alphabetical order and silently skips the others. */
function toPushXml(push: WirePush): string {
  const elements = [
    toElement('Action', push.Action),
    toElement('CustomerId', push.CustomerId),
    toElement('Note', push.Note),
    toElement('ServiceId', push.ServiceId),
    toElement('TicketId', push.TicketId),
    toElement('TicketREF', push.TicketREF),
    toElement('UserProviderKey', push.UserProviderKey),
  ];
  const namespaces =
    'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" ' +
    'xmlns="http://schemas.datacontract.org/2004/07/RequestorApiDataStructures.Posts"';
  return `<WorkflowPushPost ${namespaces}>${elements.join('')}</WorkflowPushPost>`;
}

function toElement(name: string, value: string | number | null): string {
  return value === null ? `<${name} i:nil="true" />` : `<${name}>${escapeXml(String(value))}</${name}>`;
}
