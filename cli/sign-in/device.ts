/** Sign-in with a browser on any device: device authorization grant, RFC 8628. */
import { setTimeout as delay } from 'node:timers/promises';
import * as oauth from 'oauth4webapi';
import { CommandError, EXIT } from '../exit.ts';
import { note, plain } from '../output.ts';
import type { OpenIdClient, Tokens } from '../profiles/profile.ts';
import { audienceParameters, toTokens, withIssuerErrors, type Issuer } from './issuer.ts';

/** @param sleep waits that many milliseconds. */
export async function signInWithDevice(
  issuer: Issuer,
  client: OpenIdClient,
  sleep: (ms: number) => Promise<unknown> = delay,
): Promise<Tokens> {
  if (issuer.metadata.device_authorization_endpoint === undefined) {
    throw new CommandError(EXIT.usage, `${plain(client.issuer)} offers no sign-in by device code.`, 'Omit --device.');
  }
  return withIssuerErrors(client.issuer, async () => {
    const started = await requestCode(issuer, client);
    showCode(started);
    return toTokens(await poll(issuer, client, started, sleep), client.scope);
  });
}

async function requestCode(
  { metadata, client: id, options }: Issuer,
  client: OpenIdClient,
): Promise<oauth.DeviceAuthorizationResponse> {
  const parameters = { scope: client.scope, ...audienceParameters(client) };
  const response = await oauth.deviceAuthorizationRequest(metadata, id, oauth.None(), parameters, options);
  return oauth.processDeviceAuthorizationResponse(metadata, id, response);
}

function showCode(started: oauth.DeviceAuthorizationResponse): void {
  const { verification_uri: uri, verification_uri_complete: whole, user_code: code } = started;
  note(`Open ${plain(uri)} on any device, and enter the code ${plain(code)}.`);
  if (whole !== undefined) note(`The address with the code: ${plain(whole)}`);
}

/** Seconds between requests if the provider does not say, and by which `slow_down` increases them. */
const INTERVAL_SECONDS = 5;

/** https://www.rfc-editor.org/rfc/rfc8628#section-3.5 */
async function poll(
  { metadata, client: id, options }: Issuer,
  client: OpenIdClient,
  { device_code: code, interval = INTERVAL_SECONDS, expires_in: lifetime }: oauth.DeviceAuthorizationResponse,
  sleep: (ms: number) => Promise<unknown>,
): Promise<oauth.TokenEndpointResponse> {
  const request = { ...options, additionalParameters: audienceParameters(client) };
  let seconds = interval;
  for (let waited = seconds; waited < lifetime; waited += seconds) {
    await sleep(seconds * 1000);
    try {
      const response = await oauth.deviceCodeGrantRequest(metadata, id, oauth.None(), code, request);
      return await oauth.processDeviceCodeResponse(metadata, id, response);
    } catch (error) {
      seconds = nextInterval(error, seconds);
    }
  }
  throw new CommandError(EXIT.server, 'The code has expired before it was entered.', 'Run the command again.');
}

/** @throws the error if it is final. */
function nextInterval(error: unknown, seconds: number): number {
  if (error instanceof oauth.ResponseBodyError && error.error === 'authorization_pending') return seconds;
  if (error instanceof oauth.ResponseBodyError && error.error === 'slow_down') return seconds + INTERVAL_SECONDS;
  const isConnection = error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');
  if (isConnection) return seconds * 2;
  throw error;
}
