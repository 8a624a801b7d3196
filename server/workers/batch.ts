/** Sends items together that would each be a small message. */
export class Batch<Item> {
  readonly #delayMs: number;
  readonly #send: (items: readonly Item[]) => void;
  #items: Item[] = [];

  /** @param send is called so many milliseconds after the first item, with all that were added until then */
  constructor(delayMs: number, send: (items: readonly Item[]) => void) {
    this.#delayMs = delayMs;
    this.#send = send;
  }

  add(item: Item): void {
    if (this.#items.push(item) === 1) setTimeout(() => this.#flush(), this.#delayMs);
  }

  #flush(): void {
    const items = this.#items;
    this.#items = [];
    this.#send(items);
  }
}
