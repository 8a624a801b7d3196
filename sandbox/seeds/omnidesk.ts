/** Seed data of the simulated Omnidesk: the tickets that it holds after the start, and what they are made of. */
import { createRandom, type Random } from '../random.ts';

export const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const;

/** The fields that a rule here reads or writes; the others only travel. */
export interface Item {
  readonly id: number;
  readonly from: string;
  readonly from_name: string;
  assigned_user_id: number;
  customer_id: number;
  title: string;
  status: string;
  priority: string;
  closed_at: string | null;
  last_update: string;
  [field: string]: string | number | null;
}

export interface Ticket {
  readonly item: Item;
  readonly timeline: Entry[];
}

export const isUnfinished = (item: Item): boolean => item.status !== 'solved' && item.status !== 'closed';

const BRANDS = ['Zilverlinde', 'Kadekoffie', 'Wolkentuin'];

const CHANNELS = ['E-mail', 'Telefoon', 'Webchat', 'Contactformulier'];

const CHANNEL_ICONS = ['envelope', 'phone', 'comments', 'pencil'];

const AGENTS = ['Sanne de Wit', 'Youssef Amrani', 'Lotte Verhagen', 'Bram Oosterhuis'];

const CUSTOMERS = (
  'Anouk Brouwer,Daan Hoekstra,Fatima El Idrissi,Pieter van Dalen,Mirjam Schouten,Tomasz Nowicki,' +
  'Ilse Vermeer,Jeroen Kuipers,Ayşe Demir,Hannah Whitfield,Ruben Postma,Chloé Lambert,Koen Terpstra,' +
  'Nadia Özturk,Wim Visser'
).split(',');

type OpeningNumber = 'id' | 'customer' | 'brand' | 'channel' | 'group';

type OpeningText = 'at' | 'direction' | 'from' | 'fromName' | 'to' | 'title';

type Opening = Record<OpeningNumber, number> & Record<OpeningText, string> & { readonly form: number | null };

/** A ticket as it is born: every field of the page's sample, in the sample's order. */
export function createItem(opening: Opening): Item {
  const { id, at, brand, channel, direction } = opening;
  return {
    assigned_group_id: opening.group,
    assigned_user_id: 0,
    channel_account_id: '0',
    channel_id: channel,
    closed_at: null,
    created_at: at,
    customer_id: opening.customer,
    direction,
    external_gui_url: `https://account.omnidesk.com/ticket/${id}`,
    external_id: '',
    form_id: opening.form,
    from: opening.from,
    from_name: opening.fromName,
    grade_by_customer: null,
    icon: direction === 'inbound' ? 'arrow-down' : 'arrow-up',
    last_update: at,
    last_update_agent: null,
    last_update_customer: at,
    priority: 'medium',
    show_timeline: 1,
    sla_breach_first_reply: 0,
    sla_breach_next_reply: 0,
    sla_breach_resolution: 0,
    sla_next_breach: null,
    sla_next_breach_current_status: null,
    sla_policy_id: 1,
    snooze_time: null,
    snooze_time_sent: null,
    title: opening.title,
    to: opening.to,
    to_name: BRANDS[brand - 1] ?? ' ',
    status: 'new',
    id,
    channel_name: CHANNELS[channel - 1] ?? `Kanaal ${channel}`,
    channel_icon: CHANNEL_ICONS[channel - 1] ?? 'inbox',
    brand_name: BRANDS[brand - 1] ?? `Merk ${brand}`,
    brand_id: brand,
  };
}

type Entry = Record<string, string | number | null>;

export function createEvent(item: Item, what: string, at: string, position = 0): Entry {
  return {
    type: 'event',
    id: item.id * 100 + position,
    ticket_id: item.id,
    item_type: 'ticket',
    item_type_id: String(item.id),
    description: what,
    initiated_by: what === 'create' ? item.from_name : 'API',
    created_at: at,
  };
}

/** Milliseconds to the vendor's form, which names no zone; read here as UTC. */
export function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

export function seedTickets(now: number): Ticket[] {
  const random = createRandom(858462);
  return TITLES.map((line, position) => seedTicket(random, now, line, position));
}

/** Ages grow from twelve minutes to 59 days, thinning out: most of a helpdesk's list is of this week. */
function seedTicket(random: Random, now: number, line: string, position: number): Ticket {
  const minutesOld = 12 + (position / (TITLES.length - 1)) ** 1.6 * 59 * 24 * 60 + random.integer(0, 9);
  const at = now - Math.round(minutesOld * 60) * 1000;
  const [, word = '', direction, title = ''] = /^([a-z]+)([>|])(.*)$/.exec(line) ?? [];
  const item = createItem(seedOpening(random, position, at, direction === '>' ? 'outbound' : 'inbound', title));
  item.status = word;
  if (position === 0) return { item, timeline: [createEvent(item, 'create', stamp(at))] };
  const touched = Math.min(now - 60_000, at + random.integer(5, 2880) * 60_000);
  item.priority = PRIORITIES[(position * 5 + random.integer(0, 1)) % PRIORITIES.length]!;
  if (word === 'holding') item.snooze_time = stamp(now + random.integer(1, 10) * 86_400_000);
  return word === 'new'
    ? { item, timeline: [createEvent(item, 'create', stamp(at))] }
    : answerTicket(random, item, stamp(at), stamp(touched));
}

/** Closed more than a year ago. */
export function seedArchive(now: number, lastId: number): Ticket[] {
  const random = createRandom(lastId);
  const yearAgo = now - 400 * 24 * 3_600_000;
  return ARCHIVED_TITLES.map((title, position) => {
    const at = yearAgo - position * 9 * 24 * 3_600_000 - random.integer(0, 3_600) * 1000;
    const id = lastId - 1000 - position * 61;
    const item = createItem({ ...seedOpening(random, position + 1, at, 'inbound', title), id });
    item.status = 'closed';
    return answerTicket(random, item, stamp(at), stamp(at + 2 * 24 * 3_600_000));
  });
}

function seedOpening(random: Random, position: number, at: number, direction: string, title: string): Opening {
  const name = random.pick(CUSTOMERS);
  const brand = random.integer(1, 3);
  const channel = random.integer(1, 4);
  const contact = channel === 2 ? `+31 6 0000 0${random.integer(100, 999)}` : addressOf(name);
  const desk = `service@${BRANDS[brand - 1]!.toLowerCase()}.example`;
  const [from, to] = direction === 'inbound' ? [contact, desk] : [desk, contact];
  const fromName = direction === 'outbound' ? BRANDS[brand - 1]! : random.chance(0.1) ? ' ' : name;
  const group = random.integer(0, 3);
  const customer = random.chance(0.9) ? 51200 + CUSTOMERS.indexOf(name) : 0;
  const form = channel === 4 ? 12 : null;
  // Other tickets of the account lie between, so the numbers have gaps.
  const id = position === 0 ? 858462 : 858462 - position * 37 - random.integer(0, 30);
  return { id, at: stamp(at), customer, brand, channel, direction, from, fromName, to, title, group, form };
}

function addressOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[^A-Za-z ]/g, '')
    .toLowerCase();
  return `${plain.replaceAll(' ', '.')}@post.example`;
}

/** What an agent leaves on a ticket that is no longer new. */
function answerTicket(random: Random, item: Item, at: string, touched: string): Ticket {
  const agent = random.integer(1, AGENTS.length);
  item.assigned_user_id = random.chance(0.8) ? 400 + agent : 0;
  item.last_update = touched;
  item.last_update_agent = touched;
  item.external_id = random.chance(0.3) ? `WEB-${random.integer(10000, 99999)}` : '';
  item.sla_breach_first_reply = random.integer(0, 1);
  if (item.status === 'closed') item.closed_at = touched;
  if (!isUnfinished(item)) item.grade_by_customer = random.chance(0.5) ? random.integer(1, 10) : null;
  const note = {
    type: 'note',
    id: String(random.integer(300000, 399999)),
    status_new: item.status,
    user_id: 400 + agent,
    user_name: AGENTS[agent - 1]!,
    content: 'Klant geantwoord.',
    created_at: touched,
  };
  return { item, timeline: [createEvent(item, 'create', at), note] };
}

const ARCHIVED_TITLES: readonly string[] = [
  'Kerstactie: cadeaubon niet ontvangen',
  'Archive copy of invoice 2231 requested',
  'Oude bestelling: onderdelen nog leverbaar?',
];

/** Status, `>` for outbound else `|`, title; newest first. The page does not know `merged` and `spam`. */
const TITLES: readonly string[] = [
  'new|Bestelling niet compleet: er ontbreken twee stoelpoten',
  'new|Waar blijft mijn pakket?',
  'new|Discount code LENTE15 does not work at checkout',
  'open|Koffiemachine lekt na ontkalken',
  'open>Terugbelverzoek: afspraak voor montage verzetten',
  'new|Can I change the delivery address of my order?',
  'pending|Factuur met verkeerd btw-nummer',
  'open|Wachtwoord vergeten, resetmail komt niet aan',
  'merged|Wachtwoord vergeten, resetmail komt niet aan (2)',
  'holding|Tuinset "Eik & Linde" – levertijd onbekend bij leverancier',
  'open|Dubbel afgeschreven via automatische incasso',
  'new|Vraag over garantie na verhuizing naar België',
  'pending|Retourlabel niet ontvangen',
  'solved|Abonnement op koffiebonen een maand pauzeren',
  'open|Wrong colour delivered: ordered moss green, got navy',
  'spam|You have been selected!!! Claim your voucher now',
  'pending>Foto’s nodig van beschadigde verpakking',
  'holding>Wacht op reparateur: afzuigkap maakt ratelend geluid',
  'solved|Openingstijden showroom tijdens feestdagen',
  'open|Bezorger heeft pakket bij onbekende buren afgegeven en er is geen briefje achtergelaten; ik heb nu ' +
    'op drie adressen aangebeld, de chatbot verwijst steeds naar dezelfde pagina en mijn dochter is morgen ' +
    'jarig, kunnen jullie alsjeblieft vandaag nog nagaan waar het pakket gebleven is?',
  'solved|Account verwijderen (AVG-verzoek)',
  'pending|Invoice for purchase order 4410 missing our reference',
  'closed|Klacht over lange wachttijd aan de telefoon',
  'solved|Maatwerkgordijnen: opmeten aan huis mogelijk?',
  'open|Maalwerk vervangen onder garantie?',
  'closed|Cadeaubon al gebruikt volgens kassa',
  'solved|Newsletter: please unsubscribe me',
  'holding>Backorder kussens, verwacht in week 32',
  'closed|Ticket from voicemail: caller asks for price of ten desks',
  'pending>Offerte voor kantoorinrichting, 24 werkplekken',
  'solved|Verzendkosten naar Waddeneilanden',
  'closed|Kras op tafelblad bij aflevering',
  'solved|App toont oude bestelhistorie',
  'closed|Betaling mislukt maar bedrag is gereserveerd',
  'open|Tweede aanmaning ontvangen terwijl factuur betaald is',
  'closed|Samenwerking met influencer – persverzoek',
  'solved|Filter size for the KK-200 grinder?',
  'closed|Bestelling annuleren binnen bedenktijd',
  'pending|Huisnummer ontbreekt op pakbon',
  'closed|Retour ontvangen maar nog niet terugbetaald',
  'solved>Handleiding zoekgeraakt, graag als pdf',
  'closed|Zakelijk account aanvragen',
  'holding>Terugroepactie lamp Vuurvlieg: vervangend onderdeel volgt',
  'closed|Levering op zaterdag mogelijk?',
  'solved|Website geeft foutmelding 500 bij afrekenen',
  'closed|Compliment voor monteur Rik',
  'closed|Plantenbak lekt aan onderkant',
  'solved|Pickup point moved, where is my parcel now?',
  'closed|Stofstalen aanvragen',
  'closed|Verkeerde naam op factuur',
  'solved|Spaarpunten verdwenen na update',
  'closed|Re: Re: Fwd: bestelling 20418',
];
