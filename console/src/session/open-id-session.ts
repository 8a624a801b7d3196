/** Leads the user to the OpenID provider and back. */
import { keepValues, restoreValues } from './kept.ts';
import { endSignIn, redeemCode, startSignIn, takeResponse } from './open-id.ts';
import { currentCredential, setLeaving, setProblem, signIn, signOut } from './session.ts';
import { hostOf, loadOpenIdClient, type OpenIdClient } from './settings.ts';
import { describeProblem } from './sign-in-problem.ts';

/** Leaves the page for the provider's. Resolves when the browser has begun to, or the provider is unreachable. */
export async function goToProvider(client: OpenIdClient): Promise<void> {
  try {
    const url = await startSignIn(client);
    keepValues();
    window.location.assign(url);
  } catch (error) {
    setProblem(describeProblem(error, hostOf(client)));
  }
}

/** Called once if the page was opened by the provider's redirect, before the page is rendered. */
export async function finishSignIn(): Promise<void> {
  const response = takeResponse();
  const client = await loadOpenIdClient();
  if (!client) return;
  try {
    signIn(await redeemCode(client, response));
    restoreValues();
  } catch (error) {
    setProblem(describeProblem(error, hostOf(client)));
  }
}

/** How long a page that is about to be left may show so: the user can cancel that while a write is being sent. */
const LEAVING_MS = 3_000;

/** Removes the tokens from this tab, then revokes them and ends the session at the provider as far as it offers that. */
export async function signOutEverywhere(): Promise<void> {
  const { grant } = currentCredential() ?? {};
  signOut();
  const client = grant && (await loadOpenIdClient());
  if (!client) return;
  try {
    setLeaving('Signing out…');
    const url = await endSignIn(client, grant);
    if (url === undefined) {
      setLeaving(undefined);
      return;
    }
    window.location.assign(url);
    setTimeout(() => setLeaving(undefined), LEAVING_MS);
  } catch {
    setLeaving(undefined);
    setProblem(
      `Signed out of this tab, but ${hostOf(client)} is unreachable, so its session has not ended. End it there.`,
    );
  }
}
