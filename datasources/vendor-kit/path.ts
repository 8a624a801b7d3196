/**
 * Paths from ids. Encoding alone is not enough: `.` and `..` pass `encodeURIComponent` unchanged, and URL parsers resolve
 * them, so that `/tickets/../actions` reaches another endpoint. Defence in depth: id patterns reject such ids first.
 */

/**
 * Fills a path template, each value as exactly one percent-encoded segment.
 *
 * @example path`/api/tickets/${'ticket1.acme'}/actions` // '/api/tickets/ticket1.acme/actions'
 * @throws RangeError for an empty value, `.` or `..`: an error in a vendor's id pattern, not bad input.
 */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  let result = parts[0]!;
  values.forEach((value, index) => {
    const segment = encodeURIComponent(value);
    if (segment === '' || segment === '.' || segment === '..') {
      throw new RangeError('A path segment must not be empty, "." or "..".');
    }
    result += segment + parts[index + 1]!;
  });
  return result;
}
