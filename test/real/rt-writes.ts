/**
 * What creating, changing and deleting tickets of a Request Tracker promises while nothing is lost: each outcome agrees with
 * the history that RT keeps. Runs against the real one and against the sandbox.
 */
import { describe, expect, test } from 'vitest';
import { observe, perform, statusChange, useSession, writesSince, writeTo, type ObservedWrite } from './rt-session.ts';
import { createTicket, historyOf, moveTicket, statusOf, visibleTickets, type RtWorld } from './rt-world.ts';

export function describeWrites(title: string, open: () => Promise<RtWorld>): void {
  describe(`writing to ${title}`, () => {
    const session = useSession(open);

    test('RT: setStatus reports each ticket as RT recorded it', async () => {
      const { world, endpoint } = session();
      const fresh = await createTicket(world);
      const already = await createTicket(world, { path: ['resolved'] });
      const change = await createTicket(world, { queue: 'Changes' });
      const ids = [fresh, already, change];
      const input = { ticketIds: [...ids, 999_999].map((id) => `rt:${id}`), status: 'SOLVED' };
      const { result, changes } = await observe(world, ids, () => perform(endpoint, 'setStatus', input));
      expect(result.outcome).toBe('PARTIAL');
      expect(result.results!.map(({ outcome, problem }) => [outcome, problem?.code ?? null])).toEqual([
        ['APPLIED', null],
        ['APPLIED', null],
        ['NOT_APPLIED', expect.stringMatching(/VENDOR_REJECTED|ILLEGAL_ACTION/)],
        ['NOT_APPLIED', 'NOT_FOUND'],
      ]);
      expect(changes).toMatchObject([[statusChange('new', 'resolved')], [], []]);
    });

    test('RT: creates a ticket with all its fields', async () => {
      const { world, endpoint } = session();
      const rt = {
        queue: 'Support',
        subject: 'Created',
        requestors: ['anna@example.com', 'ben@example.com'],
        content: 'First\nsecond',
        owner: 'german',
        priority: 42,
        customFields: [{ name: 'Severity', values: ['High'] }],
      };
      const payload = await perform(endpoint, 'createTicket', { ticket: { rt } });
      expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
      const id = Number(payload.ticket!.id.replace('rt:', ''));
      const { body } = await world.send('root', 'GET', `/ticket/${id}`);
      expect(body).toMatchObject({ Subject: 'Created', Status: 'new', Priority: '42', Owner: { id: 'german' } });
      expect(body.Requestor.map((one: { id: string }) => one.id).toSorted()).toEqual(rt.requestors);
      expect(body.CustomFields.find((one: { name: string }) => one.name === 'Severity').values).toEqual(['High']);
      expect((await historyOf(world, id)).filter(({ type }) => type === 'Create')).toMatchObject([{ by: 'gateway' }]);
    });

    test.each([
      ['an unknown queue', { queue: 'Nope', subject: 'x' }, ['VENDOR_FORBIDDEN', 'VENDOR_REJECTED']],
      ['a subject that RT would cut', { queue: 'Support', subject: 'x'.repeat(201) }, ['INVALID_INPUT']],
      ['a subject of more than 200 bytes', { queue: 'Support', subject: 'ä'.repeat(101) }, ['INVALID_INPUT']],
      ['a subject with a control character', { queue: 'Support', subject: 'a\u0000b' }, ['INVALID_INPUT']],
      ['a subject that RT would join', { queue: 'Support', subject: 'two\nlines' }, ['INVALID_INPUT']],
    ])('RT: a ticket with %s is not created', async (_, rt, codes) => {
      const { world, endpoint } = session();
      const before = await visibleTickets(world);
      const payload = await perform(endpoint, 'createTicket', { ticket: { rt } });
      expect(payload.outcome).toBe('NOT_APPLIED');
      expect(codes).toContain(payload.problems[0]!.code);
      expect(await visibleTickets(world)).toEqual(before);
    });

    test.each([
      ['an unknown owner', { owner: 'nobodyknows' }, /owner/],
      ['an owner without the right to own', { owner: 'reader' }, /owner/],
      ['an unknown custom field', { customFields: [{ name: 'NoSuch', values: ['x'] }] }, /NoSuch/],
      ['an unknown value', { customFields: [{ name: 'Severity', values: ['Catastrophic'] }] }, /Severity/],
      ['a requestor without an address', { requestors: ['anna@example.com', 'not an address'] }, /not an address/],
    ])('RT: a new ticket from which RT drops %s is APPLIED, and reports it', async (_, fields, expected) => {
      const rt = { queue: 'Support', subject: 'Dropped', ...fields };
      const payload = await perform(session().endpoint, 'createTicket', { ticket: { rt } });
      expect(payload.outcome).toBe('APPLIED');
      expect(payload.problems).toMatchObject([{ message: expect.stringMatching(expected) }]);
    });

    test('RT: a new ticket whose fields RT spells otherwise is complete', async () => {
      const requestors = ['anna@example.com, ben@example.com', 'Carl <carl@example.com>', 'reader'];
      const rt = { queue: 'support', requestors, customFields: [{ name: 'severity', values: ['high'] }] };
      const payload = await perform(session().endpoint, 'createTicket', { ticket: { rt } });
      expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
    });

    test('RT: updates the subject, and rejects what RT would change in silence', async () => {
      const id = await createTicket(session().world);
      const update = (subject: string): Promise<ObservedWrite> =>
        writeTo(session(), id, 'updateTicket', { title: subject });
      for (const subject of ['x'.repeat(200), 'ä'.repeat(100), '  spaces  ', 'a\ttab', '0']) {
        const { payload, changes } = await update(subject);
        expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
        expect(changes).toMatchObject([{ type: 'Set', field: 'Subject', to: subject, by: 'gateway' }]);
      }
      // RT cuts at 200 bytes, not characters; its database may end a text at a NUL.
      for (const subject of ['x'.repeat(201), 'ä'.repeat(101), '😀'.repeat(51), 'two\nlines', 'a\u0000b']) {
        const { payload, changes } = await update(subject);
        expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'INVALID_INPUT' }] });
        expect(changes).toEqual([]);
      }
    });

    test('RT: deletes tickets, and reports those that it cannot delete', async () => {
      const { world, endpoint } = session();
      const gone = await createTicket(world, { path: ['resolved'] });
      const kept = await createTicket(world, { queue: 'Changes' });
      const ids = [gone, kept];
      const input = { ticketIds: [...ids, 999_999].map((id) => `rt:${id}`) };
      const { result, changes } = await observe(world, ids, () => perform(endpoint, 'deleteTickets', input));
      expect(result.results!.map(({ outcome }) => outcome)).toEqual([
        // A resolved ticket of the stock lifecycle can be deleted; a lifecycle without `deleted` has no such status.
        'APPLIED',
        'NOT_APPLIED',
        'NOT_APPLIED',
      ]);
      expect(changes).toMatchObject([[statusChange('resolved', 'deleted')], []]);
      expect(await statusOf(world, gone)).toBe('deleted');
      expect(await visibleTickets(world)).not.toContain(gone);
    });

    test('RT: a write on a merged ticket acts on the one into which it was merged, and says so', async () => {
      const { world } = session();
      const target = await createTicket(world);
      const merged = await createTicket(world);
      await world.send('gateway', 'PUT', `/ticket/${merged}`, { MergeInto: target });
      const { result, changes } = await observe(world, [target], () =>
        perform(session().endpoint, 'executeAction', { ticketId: `rt:${merged}`, action: 'status.open' }),
      );
      expect(result).toMatchObject({ outcome: 'APPLIED', transition: { to: { raw: 'open' } } });
      expect(result.ticket).toMatchObject({ id: `rt:${target}`, status: { raw: 'open' } });
      expect(changes).toMatchObject([[statusChange('new', 'open')]]);
    });

    test('RT: a dry run sends nothing', async () => {
      const id = await createTicket(session().world);
      const mark = session().proxy.ledger.length;
      const { changes } = await writeTo(session(), id, 'executeAction', { action: 'status.open', dryRun: true });
      expect(changes).toEqual([]);
      expect(writesSince(session().proxy, mark)).toEqual([]);
    });

    test('RT: a write never carries what makes RT answer with a login page', async () => {
      const { proxy, world } = session();
      await moveTicket(world, await createTicket(world), 'open');
      for (const { request } of proxy.ledger) {
        expect(request.headers).not.toHaveProperty('cookie');
        expect(request.headers).not.toHaveProperty('if-modified-since');
        expect(request.headers).not.toHaveProperty('if-unmodified-since');
        expect(request.headers['user-agent'] ?? '').not.toMatch(/Mozilla/);
      }
    });
  });
}
