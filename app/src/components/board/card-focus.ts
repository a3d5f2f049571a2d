/** Gives a card the focus, also one that is not drawn yet. */

import type { TaskId } from "../../state/types";

export interface Focusable {
  focus(): void;
}

export class CardFocus {
  #cards = new Map<TaskId, Focusable>();
  #wanted: TaskId | null = null;
  #reveal: ((id: TaskId) => void) | null = null;

  /** @param reveal scrolls a card into view, so that it is drawn */
  onReveal(reveal: ((id: TaskId) => void) | null): void {
    this.#reveal = reveal;
  }

  /** A card is drawn. @returns what tells that it is not any more */
  register(id: TaskId, card: Focusable): () => void {
    this.#cards.set(id, card);
    if (this.#wanted === id) {
      this.#wanted = null;
      card.focus();
    }
    return () => {
      if (this.#cards.get(id) === card) {
        this.#cards.delete(id);
      }
    };
  }

  /** Soon: a card that is just moving is drawn at its new place first. */
  focus(id: TaskId): void {
    setTimeout(() => this.#focus(id), 0);
  }

  #focus(id: TaskId): void {
    this.#reveal?.(id);
    const card = this.#cards.get(id);
    if (card) {
      card.focus();
    } else {
      this.#wanted = id;
    }
  }
}
