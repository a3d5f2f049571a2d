/** Gives a card the focus, also one that is not drawn yet, and says when one goes that has it. */

import type { TaskId } from "../../sync";

export interface Focusable {
  focus(): void;
}

/** A card that is drawn. */
interface DrawnCard extends Focusable {
  hasFocus(): boolean;
}

export class CardFocus {
  private cards = new Map<TaskId, DrawnCard>();
  private wanted: TaskId | null = null;
  private revealer: ((id: TaskId) => void) | null = null;
  private lost: ((id: TaskId) => void) | null = null;

  /** @param reveal scrolls a card into view, so that it is drawn */
  onReveal(reveal: ((id: TaskId) => void) | null): void {
    this.revealer = reveal;
  }

  /** @param lost notified of a card that has the focus, right before it is taken away from where it is drawn */
  onLost(lost: ((id: TaskId) => void) | null): void {
    this.lost = lost;
  }

  /** A card is drawn. @returns what to call right before it is removed */
  register(id: TaskId, card: DrawnCard): () => void {
    this.cards.set(id, card);
    if (this.wanted === id) {
      this.wanted = null;
      card.focus();
    }
    return () => {
      if (card.hasFocus()) {
        this.lost?.(id);
      }
      if (this.cards.get(id) === card) {
        this.cards.delete(id);
      }
    };
  }

  /** Soon: a card that is just moving is drawn at its new place first. */
  focus(id: TaskId): void {
    setTimeout(() => this.focusNow(id), 0);
  }

  /** Only scrolls it into view; soon, as a card that was just added is not drawn yet. */
  reveal(id: TaskId): void {
    setTimeout(() => this.revealer?.(id), 0);
  }

  private focusNow(id: TaskId): void {
    this.revealer?.(id);
    const card = this.cards.get(id);
    if (card) {
      card.focus();
    } else {
      this.wanted = id;
    }
  }
}
