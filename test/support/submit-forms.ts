/** Follows the pages of an OpenID provider without a browser, by submitting each form as it is. */

/**
 * @param values of text fields that have none.
 * @returns the text of the first page without a form.
 */
export async function submitForms(start: string, values: Readonly<Record<string, string>>): Promise<string> {
  const cookies = new Map<string, string>();
  let request: { url: URL; body?: URLSearchParams } = { url: new URL(start) };
  for (;;) {
    const { url, body } = request;
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies.values()].join('; ') },
      ...(body && { method: 'POST', body }),
    });
    for (const cookie of response.headers.getSetCookie()) cookies.set(cookie.split('=')[0]!, cookie.split(';')[0]!);
    const location = response.headers.get('location');
    const page = await response.text();
    const form = /<form[\s\S]*?<\/form>/.exec(page)?.[0];
    if (location !== null) request = { url: new URL(location, url) };
    else if (form === undefined) return page;
    else request = { url: new URL(attribute(form, 'action') ?? '', url), body: fieldsOf(form, values) };
  }
}

function fieldsOf(form: string, values: Readonly<Record<string, string>>): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, 'name');
    if (name !== undefined) fields.set(name, attribute(input, 'value') ?? values[name] ?? '');
  }
  return fields;
}

function attribute(element: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1];
}
