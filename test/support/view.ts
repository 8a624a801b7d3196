/** The fields of a view as a plain object, so that it can be compared: a view has no properties of its own. */
export function toPlain<Shape extends object>(view: Shape): Shape {
  const plain: Record<string, unknown> = {};
  // Those of the prototype as well, which is where a view has them.
  for (const name in view) plain[name] = view[name];
  return plain as Shape;
}
