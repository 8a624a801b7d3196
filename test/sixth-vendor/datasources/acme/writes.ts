/** Plans Acme's writes: maps mutation inputs to requests and interprets their responses. Sends nothing. */
import type { Planner, AppliedWrite, UpstreamAnswer, WriteResult, Write } from '../contract.ts';
import { checkInputs } from '../vendor-kit/action-input.ts';
import { show } from '../vendor-kit/global-id.ts';
import { asObject } from '../vendor-kit/coerce.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { type mutations } from './actions.ts';
import { shutRequest, type Client } from './client.ts';
import { toStatus } from './mapping.ts';

interface ExecuteActionInput {
  readonly action: string;
  readonly comment?: string | null;
  readonly inputs?: Readonly<Record<string, unknown>> | null;
}

const SHUT: AppliedWrite = {
  transition: { __typename: 'ActionTransition', action: 'shut', to: toStatus('shut'), state: null },
};

export function createWrites(client: Client): Record<(typeof mutations)[number], Planner> {
  const executeAction: Planner<ExecuteActionInput> = ({ action, comment, inputs }, nativeIds) => {
    if (action !== 'shut') {
      const message = `Unknown action ${show(action)}: Acme supports shut.`;
      return [{ targets: nativeIds, failure: { kind: 'invalid-input', field: ['action'], message } }];
    }
    const failure = checkInputs([], inputs ?? {});
    if (failure) return [{ targets: nativeIds, failure }];
    return nativeIds.map((number): Write => ({
      targets: [number],
      request: shutRequest(number, comment ?? null),
      interpret,
      verify: async (nativeId, call) =>
        (await client.findTicket(nativeId, call))?.state === 'shut' ? SHUT : undefined,
    }));
  };
  return { executeAction };
}

/** https://acme.example/api/shut */
function interpret({ status, text }: UpstreamAnswer): WriteResult {
  if (status >= 300) return { kind: 'inconclusive', why: `the status is ${status}` };
  if (!asObject(parseJson(text))) return { kind: 'inconclusive', why: 'the body is not a JSON object' };
  return { kind: 'accepted', ...SHUT };
}
