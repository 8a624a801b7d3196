/** Copies the fields of a lazy record to a plain object, for comparison. */
export function toPlain<Shape extends object>(view: Shape): Shape {
  const plain: Record<string, unknown> = {};
  // Includes the prototype, where a lazy record has its fields.
  for (const name in view) plain[name] = view[name];
  return plain as Shape;
}
